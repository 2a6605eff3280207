// Buttons, selects and layout parts of a message.

import { attachmentNode } from "./embed.js";
import { el, icon, link, safeUrl } from "./dom.js";
import { markdown } from "./markdown.js";
import { selectNode, selectTypes } from "./select.js";

const buttonStyles = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

function emojiNode(emoji) {
  if (!emoji) return null;
  if (!emoji.id) return el("span", { class: "button-emoji" }, emoji.name);
  return el("img", { class: "emoji", src: `/cdn/emojis/${emoji.id}.png`, alt: emoji.name || "" });
}

function buttonNode(component, context) {
  const content = [emojiNode(component.emoji), component.label && el("span", {}, component.label)];
  const className = `button ${buttonStyles[component.style] || "secondary"}`;
  if (component.style === 5 && !component.disabled && safeUrl(component.url)) {
    const anchor = link(component.url, content, icon("open"));
    anchor.className = className;
    return anchor;
  }
  const key = component.custom_id;
  const press = (event) => event.currentTarget.ariaDisabled !== "true" && context.use(key);
  return el("button", { type: "button", class: className, disabled: component.disabled, data: { key }, onclick: press }, content);
}

function rowNode(component, context) {
  return el("div", { class: "component-row" }, component.components.map((child) => componentNode(child, context)));
}

function selectComponent(component, context) {
  const node = selectNode(component, {
    directory: context.directory,
    disabled: component.disabled,
    onCommit: (values) => context.use(component.custom_id, values),
  });
  node.dataset.key = component.custom_id;
  return node;
}

function sectionNode(component, context) {
  const texts = el("div", {}, component.components.map((child) => componentNode(child, context)));
  return el("div", { class: "component-section" }, texts, component.accessory && componentNode(component.accessory, context));
}

function containerNode(component, context) {
  const node = el("div", { class: "embed component-container" }, component.components.map((child) => componentNode(child, context)));
  if (component.accent_color) node.style.setProperty("--embed-colour", `#${component.accent_color.toString(16).padStart(6, "0")}`);
  return node;
}

function mediaNode(media, description) {
  const source = safeUrl(media?.proxy_url || media?.url);
  return source ? el("img", { class: "component-media", src: source, alt: description || "", loading: "lazy" }) : null;
}

const fileNode = ({ file, name, size }) => attachmentNode({ url: file.url, filename: name || "file", size });

const makers = {
  1: rowNode,
  2: buttonNode,
  9: sectionNode,
  10: (component, context) => el("div", { class: "component-text" }, markdown(component.content, context.directory)),
  11: (component) => mediaNode(component.media, component.description),
  12: (component) => el("div", { class: "component-gallery" }, component.items.map((item) => mediaNode(item.media, item.description))),
  13: fileNode,
  14: (component) => el("hr", { class: component.divider === false ? "no-line" : "" }),
  17: containerNode,
};

/** What became of the last press on the message's components. note: {state, custom_id, reason} or undefined. */
export function showNote(message, note) {
  for (const part of message.querySelectorAll("[data-key]")) {
    const waiting = note?.state === "sent" && part.dataset.key === note.custom_id;
    part.classList.toggle("waiting", waiting);
    part.ariaDisabled = String(waiting);
  }
  const line = message.querySelector(".component-failed");
  if (line) line.replaceChildren(...(note?.state === "failed" ? [icon("warn"), note.reason || "The application did not respond."] : []));
}

/** context: {directory, use(custom_id, values?)} */
export function componentNode(component, context) {
  const make = selectTypes[component.type] ? selectComponent : makers[component.type];
  return make ? make(component, context) : el("div", { class: "broken" }, `A component of type ${component.type} cannot be shown here.`);
}
