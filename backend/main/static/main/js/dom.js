// Building and finding nodes. User text only ever becomes text: nothing here takes HTML.

/**
 * Declared as found, as most are; what may be missing is asked with `?.`.
 * @type {(selector: string, root?: ParentNode) => Found}
 */
export const $ = (selector, root = document) => /** @type {Found} */ (root.querySelector(selector));
/** @type {(selector: string, root?: ParentNode) => Found[]} */
export const $$ = (selector, root = document) => /** @type {Found[]} */ ([...root.querySelectorAll(selector)]);

/**
 * h("button", {class: "button", onclick: fn, "aria-label": "Close"}, "×")
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} attributes
 * @param {(Node | string | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") Object.assign(node, { [name]: value });
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * The same icons as in the templates; their file's address is read from one that the server drew.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  const file = $("svg.icon use").getAttribute("href")?.split("#")[0];
  use.setAttribute("href", `${file}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {string} label
 * @param {(event: Happening) => unknown} onclick
 * @param {Record<string, any>} [more]
 */
export function button(label, onclick, { icon: name, ...rest } = {}) {
  const { class: kind = "button small", ...attributes } = rest;
  return h("button", { type: "button", class: kind, onclick, ...attributes }, name ? icon(name) : null, label);
}

/**
 * What the page hands over in a script element; null where there is none.
 * @param {string} id
 */
export function readJson(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent ?? "") : null;
}

/**
 * Changes a text only when it differs: selections and screen readers stay undisturbed.
 * @param {Element | null | undefined} node
 * @param {unknown} text
 */
export function setText(node, text) {
  if (node && node.textContent !== String(text)) node.textContent = String(text);
}

/** @param {Pick<HTMLTemplateElement, "content">} template */
export function copy(template) {
  return /** @type {Found} */ (template.content.firstElementChild?.cloneNode(true));
}

/** @param {ParentNode} root */
export function localTimes(root) {
  for (const time of $$("time[datetime]", root)) {
    const stamp = new Date(time.dateTime);
    if (Number.isNaN(stamp.valueOf())) continue;
    setText(time, stamp.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }));
  }
}

/** @param {Element} form */
export const formData = (form) => new FormData(/** @type {HTMLFormElement} */ (form));
