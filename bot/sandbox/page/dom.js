// Everything on the page is built from nodes, so text from people can never become markup.

const asProperty = new Set(["value", "checked", "disabled", "hidden", "selected", "multiple", "required", "indeterminate"]);

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "class") node.className = value;
  else if (name === "style") Object.entries(value).forEach(([key, text]) => node.style.setProperty(key, text));
  else if (name === "data") Object.assign(node.dataset, value);
  else if (asProperty.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** el("p", {class: "x", onclick: f}, "text", node, [more], null) → element */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

let counter = 0;
/** An id that nothing else on the page has, for aria references. */
export const uniqueId = (prefix) => `${prefix}-${(counter += 1)}`;

/** http and https only: a link from a message must not run a script. */
export function safeUrl(text) {
  if (!text) return null;
  let url;
  try {
    url = new URL(text, location.href);
  } catch {
    return null;
  }
  return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
}

export function link(url, ...children) {
  const href = safeUrl(url);
  if (!href) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

const svgSpace = "http://www.w3.org/2000/svg";
const shapes = {
  menu: "M4 7h16M4 12h16M4 17h16",
  people: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 19c.4-3 2.6-5 5.5-5s5.1 2 5.5 5M16 11a2.5 2.5 0 1 0-1-4.8M17 14c2 .5 3.3 2.2 3.5 5",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-7-6 16-3-6.5zM11 14.5L20 5",
  plus: "M12 5v14M5 12h14",
  down: "M6 9l6 6 6-6",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
  moon: "M19 14.5A7.5 7.5 0 1 1 9.5 5a6 6 0 0 0 9.5 9.5z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  auto: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 4v16M12 8h4M12 12h6M12 16h4",
  warn: "M12 4l9 16H3zM12 10v4M12 17v.01",
  retry: "M19 12a7 7 0 1 1-2-5M19 4v4h-4",
  open: "M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9",
};

/** A line drawing of our own; hidden from screen readers, the button around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(svgSpace, "svg");
  const path = document.createElementNS(svgSpace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, extra = {}) {
  return el("button", { type: "button", class: "icon-button", title: label, "aria-label": label, onclick, ...extra }, icon(name));
}
