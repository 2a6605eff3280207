// Puts pieces of HTML in the place of others, and keeps each element that continues: so changes can be animated.

import { attributes, classes, pairs } from "./matching.js";

// What the page itself does to an element.
const OWN_CLASSES = new Set(["entering", "leaving", "changed"]);
const OWN_ATTRIBUTES = new Set(["style", "class", "data-leaves"]);

/** @param {string} html */
export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const [element] = template.content.children;
  return element;
}

/** @param {Element} old @param {Element} fresh */
export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  adopt(old, fresh);
  if (!fresh.children.length) {
    if (old.textContent !== fresh.textContent || old.children.length) old.replaceChildren(...fresh.childNodes);
    return;
  }
  const [before, after] = [[...old.children], [...fresh.children]];
  const found = pairs(before.map(known), after.map(known));
  const wanted = after.map((element, at) => {
    if (found[at] < 0) return element;
    morph(before[found[at]], element);
    return before[found[at]];
  });
  // Texts between elements are only blanks in our pieces, but for those of elements that have text alone or first.
  settle(old, wanted, [...fresh.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE));
}

/** @param {Element} element */
const known = (element) => ({ key: element.getAttribute("data-key") ?? "", name: element.nodeName });

/** @param {Element} old @param {Element} fresh */
function adopt(old, fresh) {
  const was = old.getAttribute("data-value");
  for (const [name, value] of attributes(listed(old), listed(fresh), OWN_ATTRIBUTES)) {
    if (value === null) old.removeAttribute(name);
    else old.setAttribute(name, value);
  }
  const names = classes(old.getAttribute("class") ?? "", fresh.getAttribute("class") ?? "", OWN_CLASSES);
  if (names !== (old.getAttribute("class") ?? "")) old.setAttribute("class", names);
  if (was !== null && was !== old.getAttribute("data-value")) flash(old, "changed");
}

/** @param {Element} element */
const listed = (element) => new Map([...element.attributes].map(({ name, value }) => [name, value]));

/** @param {Element} parent @param {Element[]} wanted @param {Node[]} texts */
function settle(parent, wanted, texts) {
  for (const child of [...parent.childNodes]) {
    if (!wanted.includes(/** @type {Element} */ (child))) child.remove();
  }
  wanted.forEach((element, at) => {
    if (parent.children[at] !== element) parent.insertBefore(element, parent.children[at] ?? null);
  });
  parent.append(...texts);
}

/** Play what a class says, once.
 * @param {Element} element
 * @param {string} name
 */
export function flash(element, name) {
  element.classList.remove(name);
  // Read, so that the animation begins again.
  element.getBoundingClientRect();
  element.classList.add(name);
  element.addEventListener("animationend", () => element.classList.remove(name), { once: true });
}
