// Sentences in the language of the page. The catalogue is a script of its own (`main/word_lists.py`); English needs none.

/** @typedef {Record<string, unknown>} Data */
/**
 * @typedef {{
 *   gettext: (sentence: string) => string,
 *   ngettext: (one: string, many: string, count: number) => string,
 *   pgettext: (context: string, sentence: string) => string,
 * }} Catalogue
 */

/** @type {Catalogue} */
const english = {
  gettext: (sentence) => sentence,
  ngettext: (one, many, count) => (count === 1 ? one : many),
  pgettext: (_context, sentence) => sentence,
};

/** @type {Catalogue} */
const catalogue = /** @type {any} */ (globalThis).django ?? english;
// The pseudo-language shows what is not marked.
const isPseudo = globalThis.document?.documentElement?.lang === "qps";

/**
 * @param {string} sentence
 * @param {Data} [data]
 */
function filled(sentence, data) {
  const text = data ? sentence.replace(/\{(\w+)\}/g, (place, name) => (name in data ? String(data[name]) : place)) : sentence;
  return isPseudo ? `⟦${text}⟧` : text;
}

/**
 * `_("Saved {name}.", { name })`. What is in no catalogue comes back as it is.
 * @param {string} sentence
 * @param {Data} [data]
 */
export const _ = (sentence, data) => (sentence ? filled(catalogue.gettext(sentence), data) : "");

/**
 * The form for this number, filled with `count` too.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Data} [data]
 */
export const n_ = (one, many, count, data) => filled(catalogue.ngettext(one, many, count), { count, ...data });

/**
 * As it is said in this context, where English has one word for two meanings.
 * @param {string} context
 * @param {string} sentence
 * @param {Data} [data]
 */
export const p_ = (context, sentence, data) => filled(catalogue.pgettext(context, sentence), data);

/**
 * Only marks: where it is shown stands `_()`.
 * @param {string} sentence
 */
export const N_ = (sentence) => sentence;
