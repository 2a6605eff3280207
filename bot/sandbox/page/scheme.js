// Dark or light: as the system says, until the person chooses.

import { byId, icon } from "./dom.js";

const order = ["auto", "dark", "light"];
const icons = { auto: "auto", dark: "moon", light: "sun" };
const words = { auto: "as the system", dark: "dark", light: "light" };

function apply(scheme) {
  document.documentElement.dataset.scheme = scheme;
  const button = byId("scheme");
  const label = `Colours: ${words[scheme]}. Press to change.`;
  button.replaceChildren(icon(icons[scheme]));
  button.title = label;
  button.setAttribute("aria-label", label);
}

export function startScheme() {
  const saved = localStorage.getItem("sandbox-scheme");
  let scheme = order.includes(saved) ? saved : "auto";
  apply(scheme);
  byId("scheme").addEventListener("click", () => {
    scheme = order[(order.indexOf(scheme) + 1) % order.length];
    localStorage.setItem("sandbox-scheme", scheme);
    apply(scheme);
  });
}
