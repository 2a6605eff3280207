// A form that was sent without its session: kept in this tab while its author signs in, and sent after that.

import { $, $$, h } from "./dom.js";
import { _ } from "./translation.js";

const KEPT = "held-form";
const OTHER = _("Another account is signed in here by now. What you typed isn’t sent in its name.");
const NOTHING = _("Nothing is waiting here.");

/** @typedef {{ action: string, fields: [string, string][], typed: [string, string][] }} Kept */

const form = $("[data-held]");
const says = $("[data-says]");

// Shown when what was typed is kept, so that nobody leaves before.
const signIn = $("[data-sign-in]");
if (signIn) {
  keep();
  signIn.hidden = false;
}

function keep() {
  const fields = $$("input[type=hidden]:not([name=csrfmiddlewaretoken])", form).map(({ name, value }) => [name, value]);
  const typed = $$("dl > div", form).map((row) => [$("dt", row).textContent, $("dd", row).innerText]);
  sessionStorage.setItem(KEPT, JSON.stringify({ action: form.getAttribute("action"), fields, typed }));
}

// The page after the sign-in has no form of its own.
if (location.pathname === "/resume/") goOn(JSON.parse(sessionStorage.getItem(KEPT) ?? "null"));

/** @param {Kept | null} kept */
function goOn(kept) {
  if (!kept) return void (says.textContent = NOTHING);
  const account = Object.fromEntries(kept.fields).account;
  $("dl", form).replaceChildren(...kept.typed.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  if (account && account !== document.body.dataset.account) return void (says.textContent = OTHER);
  sessionStorage.removeItem(KEPT);
  form.setAttribute("action", kept.action);
  form.append(...kept.fields.map(([name, value]) => h("input", { type: "hidden", name, value })));
  HTMLFormElement.prototype.submit.call(form); // a field may be called “submit”
}
