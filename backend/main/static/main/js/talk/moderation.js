// What moderators did here, and what stood in a message that is gone: for moderators alone.

import { call } from "../api.js";
import { inform } from "../dialogs.js";
import { h } from "../dom.js";
import { _ } from "../translation.js";
import { nameOf, roomUrl, timeOf, when, wholeTime } from "./draw.js";

/** @type {Record<string, (data: { moderator: string, author: string }) => string>} */
const DID = {
  deleted: (data) => _("{moderator} deleted a message by {author}", data),
  pinned: (data) => _("{moderator} pinned a message by {author}", data),
  unpinned: (data) => _("{moderator} unpinned a message by {author}", data),
  archived_thread: (data) => _("{moderator} archived a thread", data),
};

/**
 * @param {OpenRoom} opened
 * @returns {Promise<HTMLElement[]>}
 */
export async function moderationLog({ room }) {
  const { results } = await call("GET", `/api/chat/servers/${room.server?.id}/moderation/?channel=${room.id}`);
  if (!results.length) return [h("p", { class: "muted" }, _("Nothing was moderated here yet."))];
  return results.map((/** @type {any} */ entry) =>
    h(
      "article",
      { class: "hit" },
      h("p", { class: "by" }, h("bdi", { translate: "no" }, DID[entry.action]?.(entry) ?? entry.action), timeOf(entry.at, when(entry.at))),
      entry.text ? h("p", { class: "words", dir: "auto", translate: "no" }, entry.text) : null,
      entry.reason ? h("p", { class: "muted" }, _("Reason: {reason}", { reason: entry.reason })) : null,
    ),
  );
}

/**
 * @param {string} room
 * @param {string} message
 */
export async function showRemoved(room, message) {
  const gone = await call("GET", roomUrl(room, `messages/${message}/removed/`));
  const [before, after] = _("By {name}, deleted {time}", { name: "\u0000", time: wholeTime(gone.deleted_at) }).split("\u0000");
  await inform(_("What was there"), [
    h("p", { class: "muted" }, before, nameOf(gone.author), after),
    h("blockquote", { class: "words", dir: "auto", translate: "no" }, gone.text || _("No text.")),
    ...(gone.reason ? [h("p", { class: "muted" }, _("Reason: {reason}", { reason: gone.reason }))] : []),
  ]);
}
