// A part of a page that is fetched when it is first opened: it says that it loads, says why it cannot, and loads by itself
// as soon as it can.

import { h } from "./dom.js";
import { insteadOf } from "./failures.js";
import { passes, problem } from "./problems.js";
import { refusalIn } from "./refusals.js";
import { _ } from "./translation.js";

const SLOW = 3_000;
const TIMEOUT = 12_000;
const WAITS = [2_000, 4_000, 8_000, 15_000];
const LOADS = _("Loading…");
const IS_SLOW = _("The server is slow right now. This loads as soon as it answers.");
const UNREACHABLE = _("The server can’t be reached just now. This loads by itself once the connection is back.");
const OFFLINE = _("You’re offline. This loads by itself once the connection is back.");

export class Panel {
  /**
   * @param {Found} place
   * @param {string} address
   * @param {() => void} filled is called once, when it is there
   */
  constructor(place, address, filled) {
    this.place = place;
    this.address = address;
    this.filled = filled;
    this.tries = 0;
    this.number = 0;
    this.again = () => this.load(true);
    addEventListener("online", this.again);
    addEventListener("offline", this.again);
  }

  /** `quiet`: nobody pressed anything, so what is said stays until it changes. */
  async load(quiet = false) {
    clearTimeout(this.retry);
    const number = ++this.number;
    this.request?.abort();
    this.request = new AbortController();
    this.place.setAttribute("aria-busy", "true");
    if (navigator.onLine === false) return this.#cannot({ status: 0 });
    if (!quiet || !this.place.firstChild) this.place.replaceChildren(h("p", { class: "loads", role: "status", "data-loads": "" }, LOADS));
    const slow = setTimeout(() => this.#say(IS_SLOW), SLOW);
    const answer = await this.#fetch(this.request);
    clearTimeout(slow);
    if (number === this.number) this.#take(answer);
  }

  /**
   * @param {AbortController} request
   * @returns {Promise<{ status: number, html?: string, refused?: boolean }>}
   */
  async #fetch(request) {
    const timeout = setTimeout(() => request.abort(), TIMEOUT);
    const account = document.body.dataset.account;
    try {
      const headers = { "HX-Request": "true", ...(account ? { "X-Account": account } : {}) };
      const answer = await fetch(this.address, { headers, credentials: "same-origin", signal: request.signal });
      return { status: answer.status, html: await answer.text(), refused: answer.headers.has("HX-Retarget") };
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(timeout);
    }
  }

  /** @param {{ status: number, html?: string, refused?: boolean }} answer */
  #take({ status, html = "", refused }) {
    if (status !== 200 || refused) return this.#cannot({ status, ...refusalIn(html) });
    removeEventListener("online", this.again);
    removeEventListener("offline", this.again);
    this.place.removeAttribute("aria-busy");
    this.place.innerHTML = html; // the server's own, escaped by its templates
    window.htmx.process(this.place);
    this.filled();
  }

  /** @param {{ status: number, text?: string, code?: string }} answer */
  #cannot({ status, text, code }) {
    const said = problem({ status, detail: text, code, online: navigator.onLine });
    const waits = passes(status);
    const sentence = status === 0 ? (navigator.onLine ? UNREACHABLE : OFFLINE) : said.text;
    insteadOf(this.place, { text: sentence, code: said.code }, () => this.load());
    if (!waits) return;
    this.retry = setTimeout(this.again, WAITS[Math.min(this.tries++, WAITS.length - 1)]);
  }

  /** @param {string} text */
  #say(text) {
    const said = this.place.querySelector("[data-loads]");
    if (said) said.textContent = text;
  }
}
