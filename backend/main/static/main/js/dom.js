// Building and finding nodes. User text only ever becomes text: nothing here takes HTML.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** h("button", {class: "button", onclick: fn, "aria-label": "Close"}, "×") */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same icons as in the templates; their file's address is read from one that the server drew. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  const file = $("svg.icon use").getAttribute("href").split("#")[0];
  use.setAttribute("href", `${file}#${name}`);
  svg.append(use);
  return svg;
}

export function button(label, onclick, { icon: name, ...rest } = {}) {
  const { class: kind = "button small", ...attributes } = rest;
  return h("button", { type: "button", class: kind, onclick, ...attributes }, name ? icon(name) : null, label);
}

export function readJson(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
}

/** Changes a text only when it differs: selections and screen readers stay undisturbed. */
export function setText(node, text) {
  if (node && node.textContent !== String(text)) node.textContent = text;
}

export function copy(template) {
  return template.content.firstElementChild.cloneNode(true);
}

export function localTimes(root) {
  for (const time of $$("time[datetime]", root)) {
    const stamp = new Date(time.dateTime);
    if (Number.isNaN(stamp.valueOf())) continue;
    setText(time, stamp.toLocaleString([], { dateStyle: "medium", timeStyle: "short" }));
  }
}
