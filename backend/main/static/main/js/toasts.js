// Short words at the edge of the page; the region is live for screen readers.

import { button, h } from "./dom.js";

const STAY = 6000;
const MOST = 3;

export function toast(text, { bad = false, action = null } = {}) {
  const region = document.getElementById("toasts");
  const node = h("div", { class: bad ? "toast bad" : "toast" }, h("span", {}, text));
  if (action) {
    node.append(
      button(action.label, () => {
        node.remove();
        action.run();
      }),
    );
  }
  region.append(node);
  while (region.children.length > MOST) region.firstElementChild.remove();
  setTimeout(() => node.remove(), action || bad ? STAY * 1.6 : STAY);
}
