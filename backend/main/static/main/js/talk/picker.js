// The emoji to choose from: by group, or as one searches; with arrow keys from one to the next.

import { h } from "../dom.js";
import { _ } from "../translation.js";
import { allEmoji, find, recent, used } from "./emoji.js";
import { pop } from "./pop.js";

const FOUND = 80;
const NAMES = [
  _("Faces and feelings"),
  _("People"),
  _("Animals and nature"),
  _("Food and drink"),
  _("Places and travel"),
  _("Activities"),
  _("Objects"),
  _("Symbols"),
  _("Flags"),
];

/**
 * @param {HTMLElement} beside
 * @param {(emoji: string) => unknown} chosen
 * @param {HTMLElement | null} [back]
 */
export async function pickEmoji(beside, chosen, back = beside) {
  const groups = await allEmoji();
  const search = h("input", { type: "search", "aria-label": _("Search for an emoji"), placeholder: _("Search for an emoji"), autocomplete: "off" });
  const bar = h("div", { class: "groups", role: "group", "aria-label": _("Groups") });
  /** @type {HTMLElement} */
  const grid = h("div", { class: "grid" });
  const preview = h("p", { class: "preview", "aria-live": "polite" });
  const close = pop(beside.getBoundingClientRect(), h("div", { class: "emoji-picker" }, search, bar, grid, preview), { label: _("Emoji"), back });

  /** @param {string} emoji */
  const choose = (emoji) => {
    used(emoji);
    close();
    chosen(emoji);
  };
  /** @param {import("./emoji.js").Emoji} one */
  const cell = ({ emoji, name, code }) =>
    h("button", { type: "button", "aria-label": name, title: `:${code}:`, tabindex: "-1", "data-emoji": emoji }, emoji);
  /**
   * @param {string} title
   * @param {import("./emoji.js").Emoji[]} emoji
   */
  const part = (title, emoji) => [h("h3", {}, title), h("div", { class: "row" }, ...emoji.map(cell))];

  /** @param {number} at */
  function showGroup(at) {
    const known = new Map(groups.flat().map((one) => [one.emoji, one]));
    const mine = recent().flatMap((emoji) => known.get(emoji) ?? []);
    grid.replaceChildren(...(at === 0 ? part(_("Used lately"), mine) : []), ...part(NAMES[at], groups[at]));
    grid.scrollTop = 0;
    for (const [index, button] of [...bar.children].entries()) button.setAttribute("aria-pressed", String(index === at));
    reachable();
  }
  function reachable() {
    grid.querySelector("button")?.setAttribute("tabindex", "0");
  }

  bar.append(
    ...groups.map((group, at) =>
      h("button", { type: "button", class: "button", "aria-label": NAMES[at], title: NAMES[at], onclick: () => showGroup(at) }, group[0].emoji),
    ),
  );
  search.addEventListener("input", () => {
    const found = find(groups.flat(), search.value, FOUND);
    if (!search.value.trim()) return showGroup(0);
    grid.replaceChildren(...(found.length ? part(_("Found"), found) : [h("p", { class: "muted" }, _("No emoji is called that."))]));
    reachable();
  });
  search.addEventListener("keydown", (event) => {
    const first = /** @type {HTMLElement | null} */ (grid.querySelector("button"));
    if (event.key === "ArrowDown") {
      event.preventDefault();
      first?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (first?.dataset.emoji) choose(first.dataset.emoji);
    }
  });
  grid.addEventListener("click", ({ target }) => {
    const { emoji } = target.closest("[data-emoji]")?.dataset ?? {};
    if (emoji) choose(emoji);
  });
  for (const kind of ["focusin", "pointerover"]) {
    grid.addEventListener(kind, ({ target }) => {
      const button = target.closest("button");
      if (button) preview.textContent = `${button.textContent} ${button.getAttribute("aria-label")} ${button.title}`;
    });
  }
  grid.addEventListener("keydown", (event) => walk(event, grid, search));
  showGroup(0);
  search.focus();
}

/**
 * @param {Happening} event
 * @param {HTMLElement} grid
 * @param {HTMLElement} search
 */
function walk(event, grid, search) {
  const buttons = /** @type {HTMLElement[]} */ ([...grid.querySelectorAll("button")]);
  const at = buttons.indexOf(/** @type {HTMLElement} */ (/** @type {unknown} */ (event.target)));
  const columns = buttons.filter(({ offsetTop }) => offsetTop === buttons[Math.max(at, 0)].offsetTop).length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (!step) return;
  event.preventDefault();
  if (at + step < 0) return search.focus();
  const next = buttons[Math.min(at + step, buttons.length - 1)];
  for (const button of buttons) button.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
