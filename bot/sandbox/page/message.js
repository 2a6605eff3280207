// One message as people see it.

import { componentNode, showNote } from "./components.js";
import { userFace } from "./directory.js";
import { el, icon, iconButton } from "./dom.js";
import { attachmentNode, embedNode } from "./embed.js";
import { markdown } from "./markdown.js";
import { messageTime, newDay, shortTime } from "./times.js";

const groupMilliseconds = 7 * 60 * 1000;
const flag = { suppressEmbeds: 4, ephemeral: 64, thinking: 128 };
const joined = 7;

const isEphemeral = (message) => message.ephemeral || Boolean(message.flags & flag.ephemeral);
const isThinking = (message) => message.thinking || Boolean(message.flags & flag.thinking);

const headless = (message) => !message.interaction_metadata && !message.message_reference && !message.referenced_message;

/** A webhook posts under many names. */
const sameAuthor = ({ author }, { author: other }) => author.id === other.id && author.username === other.username && author.avatar === other.avatar;

/** Messages that follow one by the same author share its head. */
function isGrouped(message, previous) {
  if (!previous || !sameAuthor(previous, message) || previous.type === joined || message.type === joined) return false;
  const near = Date.parse(message.timestamp) - Date.parse(previous.timestamp) < groupMilliseconds;
  return near && headless(message) && isEphemeral(previous) === isEphemeral(message) && !newDay(message.timestamp, previous.timestamp);
}

function nameNode(user, context) {
  const { directory } = context;
  const colour = directory.colour(user.id);
  const name = el("button", { type: "button", class: "author", onclick: (event) => context.userMenu(event, user) }, directory.name(user.id, user));
  name.addEventListener("contextmenu", (event) => context.userMenu(event, user));
  if (colour) name.style.setProperty("--name-colour", colour);
  return name;
}

const botTag = () => el("span", { class: "bot-tag" }, "BOT");

const contextMenuAnswer = 23;

function usedCommand(message) {
  const name = message.interaction_metadata.name || message.interaction?.name || "a command";
  return [" used ", el("span", { class: "command-name" }, message.type === contextMenuAnswer ? name : `/${name}`)];
}

const usedWords = { 2: usedCommand, 3: () => [" chose on a message"], 5: () => [" filled in a form"] };

/** "mira used /vampire update" above what the bot answered. */
function usedLine(message, context) {
  const used = message.interaction_metadata;
  if (!used) return null;
  const words = (usedWords[used.type] || usedCommand)(message);
  return el("div", { class: "used-line" }, userFace(used.user, "face face-tiny"), nameNode(used.user, context), words);
}

function replyLine(message, context) {
  const original = message.referenced_message || context.find(message.message_reference?.message_id);
  if (!original || message.interaction_metadata) return null;
  const text = el("span", { class: "reply-text" }, (original.content || "a message").slice(0, 100));
  return el("div", { class: "used-line" }, "Answer to ", nameNode(original.author, context), text);
}

function headNode(message, context) {
  return el(
    "header",
    { class: "message-head" },
    nameNode(message.author, context),
    message.author.bot && botTag(),
    el("span", { class: "message-time" }, messageTime(message.timestamp)),
  );
}

const editedMark = (message) =>
  message.edited_timestamp ? el("span", { class: "edited", title: new Date(message.edited_timestamp).toLocaleString() }, "(edited)") : null;

function thinkingNode(message, context) {
  const dots = el("span", { class: "thinking-dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  return el("div", { class: "thinking" }, dots, `${context.directory.name(message.author.id, message.author)} is thinking…`);
}

function contentNode(message, context) {
  if (isThinking(message)) return thinkingNode(message, context);
  if (message.type === joined) return el("div", { class: "system-text" }, "joined the server.");
  if (!message.content) return null;
  const text = el("div", { class: "message-text" }, markdown(message.content, context.directory));
  const mark = editedMark(message);
  if (mark) text.append(" ", mark);
  return text;
}

function reactionsNode(message) {
  if (!message.reactions?.length) return null;
  const nodes = message.reactions.map(({ emoji, count, me }) => {
    const face = emoji.id ? el("img", { class: "emoji", src: `/cdn/emojis/${emoji.id}.png`, alt: emoji.name }) : emoji.name;
    return el("span", { class: me ? "reaction mine" : "reaction" }, face, el("b", {}, String(count)));
  });
  return el("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, nodes);
}

function componentsNode(message, context) {
  if (!message.components?.length) return null;
  const inner = { directory: context.directory, use: (customId, values) => context.useComponent(message, customId, values) };
  const failed = el("p", { class: "component-failed", role: "status" });
  return el("div", { class: "components" }, message.components.map((component) => componentNode(component, inner)), failed);
}

function ephemeralFoot(message, context) {
  if (!isEphemeral(message)) return null;
  const dismiss = el("button", { type: "button", class: "text-button", onclick: () => context.dismiss(message) }, "Dismiss message");
  return el("div", { class: "ephemeral-foot" }, icon("eye"), "Only you can see this", el("span", { "aria-hidden": "true" }, "·"), dismiss);
}

function sideNode(message, context, grouped) {
  if (grouped) return el("time", { class: "side-time", datetime: message.timestamp, "aria-hidden": "true" }, shortTime(message.timestamp));
  const face = el("button", { type: "button", class: "face-button", tabindex: "-1", "aria-hidden": "true" }, userFace(message.author));
  face.addEventListener("click", (event) => context.userMenu(event, message.author));
  face.addEventListener("contextmenu", (event) => context.userMenu(event, message.author));
  return face;
}

const mentionsMe = (message, me) => (message.mentions || []).some((user) => user.id === me.id) || message.mention_everyone;

function classesOf(message, context, grouped) {
  const names = ["message", grouped && "grouped", isEphemeral(message) && "ephemeral", mentionsMe(message, context.me) && "for-me"];
  return names.filter(Boolean).join(" ");
}

/** Attachments, without those that an embed shows. */
function looseAttachments({ attachments = [], embeds = [] }) {
  const shown = embeds.flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]);
  return attachments.filter(({ url }) => !shown.includes(url));
}

function bodyParts(message, context) {
  const hideEmbeds = message.flags & flag.suppressEmbeds;
  return [
    contentNode(message, context),
    looseAttachments(message).map(attachmentNode),
    hideEmbeds ? null : (message.embeds || []).map((embed) => embedNode(embed, context.directory)),
    message.content || isThinking(message) ? null : editedMark(message),
    componentsNode(message, context),
    reactionsNode(message),
    ephemeralFoot(message, context),
  ];
}

/**
 * context: {directory, me, find(id), noteOf(id), useComponent(message, customId, values), dismiss(message),
 * userMenu(event, user), messageMenu(event, message)}
 */
export function messageNode(message, previous, context) {
  const grouped = isGrouped(message, previous);
  const more = iconButton("dots", "More about this message", (event) => context.messageMenu(event, message), { class: "icon-button message-more" });
  const main = el("div", { class: "message-main" }, grouped ? null : headNode(message, context), bodyParts(message, context));
  const node = el(
    "article",
    { class: classesOf(message, context, grouped), data: { id: message.id } },
    headless(message) ? null : [usedLine(message, context), replyLine(message, context)],
    el("div", { class: "message-row" }, sideNode(message, context, grouped), main),
    more,
  );
  showNote(node, context.noteOf(message.id));
  node.addEventListener("contextmenu", (event) => {
    if (!event.defaultPrevented && !event.target.closest("a, input, textarea")) context.messageMenu(event, message);
  });
  return node;
}
