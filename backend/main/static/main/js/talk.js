// The chat page: opens rooms without leaving it, hears of all of them, and hands what happens to who shows it.

import { $, $$, readJson } from "./dom.js";
import { Refused, call } from "./api.js";
import { gateway } from "./live.js";
import { toast } from "./toasts.js";
import { Composer } from "./talk/composer.js";
import { roomUrl, tool } from "./talk/draw.js";
import { Outbox } from "./talk/outbox.js";
import { People } from "./talk/people.js";
import { RoomList } from "./talk/rooms.js";
import { RoomView } from "./talk/room.js";
import { _ } from "./translation.js";

const UNREACHABLE = _("The server can’t be reached just now.");
const me = document.body.dataset.account ?? "";
/** @type {{ listed: Rooms, opened?: OpenRoom, page?: MessagePage }} */
const data = readJson("talk");
const outbox = new Outbox(me);
const list = new RoomList(data.listed, data.opened?.room.id ?? "");
const title = document.title;
const shell = $("#talk-room");
/** @type {HTMLElement | null} */
const frame = data.opened ? /** @type {HTMLElement} */ (shell.cloneNode(true)) : null;
/** @type {RoomView | null} */
let view = null;
/** @type {Composer | null} */
let composer = null;
const people = new People($("#talk-people"), { changed: (open) => toggles(open) });

if (data.opened && data.page) enter(data.opened, data.page);

/**
 * @param {OpenRoom} opened
 * @param {MessagePage} page
 */
function enter(opened, page) {
  view?.close();
  const room = new RoomView(opened, page, { me, outbox });
  view = room;
  composer = opened.may.send ? new Composer({ room, outbox }) : null;
  people.show(opened.people);
  list.open(room.id);
  drawTools();
  document.body.classList.add("in-room");
  room.addEventListener("problem", ({ detail }) => explain(detail));
  gateway.subscribe(`room:${room.id}`, room.seq);
  showTitle();
}

/** @param {boolean} open */
function toggles(open) {
  $("[data-people-toggle]")?.setAttribute("aria-expanded", String(open));
}

function drawTools() {
  const toggle = tool("people", _("Members"), () => people.toggle(), { "data-people-toggle": "", "aria-controls": "talk-people" });
  $("[data-tools]").replaceChildren(toggle);
  toggles(people.isOpen);
}

/**
 * Opens a room in place of the one that is open.
 * @param {string} id
 * @param {boolean} push
 */
async function go(id, push = true) {
  if (view?.id === id) return void document.body.classList.add("in-room");
  try {
    const [opened, page] = await Promise.all([call("GET", roomUrl(id)), call("GET", roomUrl(id, "messages/"))]);
    if (push) history.pushState({ room: id }, "", `/talk/${id}/`);
    leave();
    drawHead(opened);
    enter(opened, page);
    composer?.focus();
  } catch (error) {
    explain(error);
  }
}

function leave() {
  if (!view) return;
  gateway.unsubscribe(`room:${view.id}`);
  composer?.close();
  view.close();
  view = composer = null;
}

/** @param {OpenRoom} opened */
function drawHead({ room, may }) {
  if (frame) shell.replaceChildren(...[.../** @type {HTMLElement} */ (frame.cloneNode(true)).childNodes]);
  $("#talk-title").textContent = room.name;
  $(".topic", shell).textContent = room.topic ?? "";
  $("[data-scroll]").replaceChildren();
  $("[data-composer]")?.setAttribute("action", `/talk/${room.id}/post/`);
  if (!may.send || !$("[data-composer]")) location.assign(`/talk/${room.id}/`);
}

function showTitle() {
  const { mentions, unread } = list.waiting;
  const name = view ? title.replace(data.opened?.room.name ?? "", view.opened.room.name) : title;
  document.title = mentions ? `(${mentions}) ${name}` : unread ? `• ${name}` : name;
}

/** @param {unknown} error */
function explain(error) {
  toast(error instanceof Refused ? error.message : UNREACHABLE, { bad: true });
}

gateway.addEventListener("chat_message", ({ detail: { stream, message } }) => {
  if (view && stream === `room:${view.id}`) view.take(message, true);
});
gateway.addEventListener("chat_snapshot", ({ detail }) => {
  if (view && detail.stream === `room:${view.id}`) view.replace({ ...detail, results: detail.messages ?? detail.results });
});
gateway.addEventListener("presence", ({ detail }) => people.change(detail));
for (const kind of ["snapshot", "synced"]) gateway.addEventListener(kind, ({ detail }) => people.snapshot(detail.presence));
outbox.addEventListener("sent", ({ detail }) => detail.room === view?.id && view?.take(detail));

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-room]");
  if (!link?.dataset.room || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (!frame) return;
  event.preventDefault();
  void go(link.dataset.room);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-back]")) return;
  event.preventDefault();
  document.body.classList.remove("in-room");
  $$("a[data-room][aria-current]")[0]?.focus();
});
addEventListener("popstate", () => {
  const id = location.pathname.match(/^\/talk\/([0-9a-f-]{36})\//)?.[1];
  if (id) void go(id, false);
  else location.reload();
});
addEventListener("focus", () => view?.look());
