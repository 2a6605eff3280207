// Embeds and attachments.

import { colourText } from "./directory.js";
import { el, icon, link, safeUrl } from "./dom.js";
import { markdown, markdownLine } from "./markdown.js";
import { messageTime } from "./times.js";

function picture(image, className) {
  const source = safeUrl(image?.proxy_url || image?.url);
  if (!source) return null;
  const drawn = el("img", { src: source, alt: image.description || "", class: className, loading: "lazy" });
  const shown = link(image.url, drawn);
  drawn.addEventListener("error", () => shown.replaceWith(el("span", { class: `broken ${className || ""}` }, "This picture cannot be shown.")));
  return shown;
}

function author(embed) {
  if (!embed.author?.name) return null;
  const source = safeUrl(embed.author.proxy_icon_url || embed.author.icon_url);
  const name = embed.author.url ? link(embed.author.url, embed.author.name) : embed.author.name;
  return el("div", { class: "embed-author" }, source && el("img", { src: source, alt: "" }), el("span", {}, name));
}

function title(embed, directory) {
  if (!embed.title) return null;
  const text = markdownLine(embed.title, directory, !embed.url);
  return el("div", { class: "embed-title" }, embed.url ? link(embed.url, text) : text);
}

/** Up to three inline fields share a line; a field that is not inline stands alone. */
function fieldRows(fields) {
  const rows = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (field.inline && last?.[0].inline && last.length < 3) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

function fieldNode(field, directory) {
  return el(
    "div",
    { class: "embed-field" },
    el("div", { class: "embed-field-name" }, markdownLine(field.name, directory)),
    el("div", { class: "embed-field-value" }, markdown(field.value, directory)),
  );
}

function fieldsNode(embed, directory) {
  if (!embed.fields?.length) return null;
  const rows = fieldRows(embed.fields);
  return el(
    "div",
    { class: "embed-fields" },
    rows.map((row) => el("div", { class: "embed-row", data: { across: row.length } }, row.map((field) => fieldNode(field, directory)))),
  );
}

function footer(embed) {
  const { footer: foot, timestamp } = embed;
  if (!foot?.text && !timestamp) return null;
  const source = safeUrl(foot?.proxy_icon_url || foot?.icon_url);
  return el(
    "div",
    { class: "embed-footer" },
    source && el("img", { src: source, alt: "" }),
    el("span", {}, foot?.text || "", foot?.text && timestamp ? " • " : "", timestamp && messageTime(timestamp)),
  );
}

export function embedNode(embed, directory) {
  const colour = colourText(embed.color);
  return el(
    "div",
    { class: "embed", style: colour ? { "--embed-colour": colour } : {} },
    el(
      "div",
      { class: "embed-body" },
      author(embed),
      title(embed, directory),
      embed.description && el("div", { class: "embed-text" }, markdown(embed.description, directory)),
      fieldsNode(embed, directory),
    ),
    embed.thumbnail && picture(embed.thumbnail, "embed-thumbnail"),
    embed.image && picture(embed.image, "embed-image"),
    footer(embed),
  );
}

const sizes = ["B", "KB", "MB"];

function sizeText(bytes) {
  const step = Math.min(2, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${sizes[step]}`;
}

export function attachmentNode(attachment) {
  if (attachment.content_type?.startsWith("image/")) return el("div", { class: "attachment-image" }, picture(attachment));
  const name = link(attachment.url, attachment.filename);
  return el("div", { class: "attachment" }, icon("file"), name, el("span", { class: "faint" }, sizeText(attachment.size || 0)));
}
