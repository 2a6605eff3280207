// The chat page: opens rooms without leaving it, hears of all of them, and hands what happens to who shows it.

import { $, $$, h, readJson } from "./dom.js";
import { Refused, call } from "./api.js";
import { gateway } from "./live.js";
import { toast } from "./toasts.js";
import { Actions } from "./talk/actions.js";
import { Composer } from "./talk/composer.js";
import { startConversation } from "./talk/conversations.js";
import { chatIcon, roomUrl, tool } from "./talk/draw.js";
import { Game } from "./talk/game.js";
import { Hints, ReadMarks, Typists, typingIn } from "./talk/live.js";
import { Outbox } from "./talk/outbox.js";
import { SidePanel } from "./talk/panel.js";
import { People } from "./talk/people.js";
import { Blocks, PersonCards } from "./talk/person.js";
import { RoomList } from "./talk/rooms.js";
import { RoomView } from "./talk/room.js";
import { RoomTools } from "./talk/tools.js";
import { _ } from "./translation.js";

const UNREACHABLE = _("The server can’t be reached just now.");
const me = document.body.dataset.account ?? "";
/** @type {{ listed: Rooms, opened?: OpenRoom, page?: MessagePage }} */
const data = readJson("talk");
const outbox = new Outbox(me);
const list = new RoomList(data.listed, data.opened?.room.id ?? "");
const [, site = ""] = document.title.split(/ · (?=[^·]*$)/);
const shell = $("#talk-room");
// Another room is drawn into the same frame, as the server drew it.
const frame = data.opened?.may.send ? [...shell.childNodes].map((node) => node.cloneNode(true)) : null;
/** @type {{ view: RoomView, composer: Composer | null, actions: Actions, typists: Typists, game: Game } | null} */
let open = null;
/** @type {{ id: string, frames: any[] } | null} what comes for a room while its page is on the way */
let arriving = null;
const people = new People($("#talk-people"), { changed: (isOpen) => toggles(isOpen) });
const panel = new SidePanel($("#talk-panel"));
const blocks = new Blocks();
const marks = new ReadMarks((room, counts) => count(room, counts));

outbox.carries = (room) => (open?.view.id === room ? open.game.carries() : {});
if (data.opened && data.page) enter(data.opened, data.page);
comeTo(Number(new URLSearchParams(location.search).get("at")));
new Hints(gateway, list, { open: () => open?.view.id ?? "", counted: showTitle });
showTitle();

/**
 * @param {OpenRoom} opened
 * @param {MessagePage} page
 */
function enter(opened, page) {
  const view = new RoomView(opened, page, { me, outbox, blocks });
  const composer = opened.may.send
    ? new Composer({ room: view, outbox, typing: typingIn(view.id, gateway), explain })
    : null;
  const actions = new Actions({ view, composer, me, explain, look });
  const typists = new Typists((text) => composer && (composer.typing.textContent = text));
  const game = new Game({ opened, me, gateway, outbox, explain });
  open = { view, composer, actions, typists, game };
  people.show(opened.people);
  list.open(view.id);
  drawTools(view, game);
  document.body.classList.add("in-room");
  view.addEventListener("problem", ({ detail }) => explain(detail));
  view.addEventListener("read", ({ detail }) => marks.note(view.id, detail));
  gateway.subscribe(`room:${view.id}`, view.seq);
  view.look();
}

/** @param {number} place that the address names */
function comeTo(place) {
  if (place) void open?.view.jump(place);
}

/**
 * @param {RoomView} view
 * @param {Game} game
 */
function drawTools(view, game) {
  /** @param {"all" | "mentions" | "nothing"} notify */
  const heard = (notify) => list.hear(view.id, notify);
  $("[data-tools]").replaceChildren(...new RoomTools({ view, panel, people, go: goTo, explain, heard, listed: list.listed, me, game }).buttons);
}

/**
 * To a message, wherever it is.
 * @param {string} room
 * @param {ChatMessage} message
 */
async function goTo(room, message) {
  if (matchMedia("(max-width: 47.99rem)").matches) panel.close(false);
  if (open?.view.id !== room) await go(room, true, message.seq);
  await open?.view.jump(message.seq, message.id);
}

/** @param {boolean} isOpen */
function toggles(isOpen) {
  $("[data-people-toggle]")?.setAttribute("aria-expanded", String(isOpen));
}

/**
 * Opens a room in place of the one that is open; `at`: around that place.
 * @param {string} id
 * @param {boolean} push
 * @param {number | null} at
 */
async function go(id, push = true, at = null) {
  if (open?.view.id === id) return void document.body.classList.add("in-room");
  const address = at === null ? `/talk/${id}/` : `/talk/${id}/?at=${at}`;
  const asked = at === null ? "" : `?around=${at}`;
  if (!frame) return location.assign(address);
  // From here on nothing is missed: what comes before the page does is kept for it.
  gateway.subscribe(`room:${id}`, list.row(id)?.seq ?? null);
  const waits = { id, frames: /** @type {any[]} */ ([]) };
  arriving = waits;
  try {
    const [opened, page] = await Promise.all([call("GET", roomUrl(id)), call("GET", roomUrl(id, `messages/${asked}`))]);
    if (arriving !== waits) return; // another one was pressed meanwhile
    if (!opened.may.send) return location.assign(address);
    if (push) history.pushState({ room: id }, "", `/talk/${id}/`);
    panel.close(false);
    leave();
    drawHead(opened);
    enter(opened, page);
    for (const frames of waits.frames) hear(frames);
    showTitle();
    open?.composer?.focus();
  } catch (error) {
    gateway.unsubscribe(`room:${id}`);
    explain(error);
  } finally {
    if (arriving === waits) arriving = null;
  }
}

function leave() {
  if (!open) return;
  gateway.unsubscribe(`room:${open.view.id}`);
  open.composer?.close();
  open.game.close();
  open.actions.close();
  open.view.close();
  open = null;
}

/** @param {OpenRoom} opened */
function drawHead({ room }) {
  shell.replaceChildren(...(frame ?? []).map((node) => node.cloneNode(true)));
  $("#talk-title").textContent = room.name;
  $(".topic", shell).textContent = room.topic;
  const kinds = { conversation: "person", thread: "thread" };
  $(".talk-head > .icon", shell).replaceWith(chatIcon(kinds[/** @type {"thread"} */ (room.kind)] ?? "hash"));
  $("[data-scroll]").replaceChildren();
  $("[data-composer]").setAttribute("action", `/talk/${room.id}/post/`);
  $("[data-composer] textarea").value = "";
}

/**
 * @param {string} room
 * @param {{ unread: number, mentions: number, read?: number }} counts
 */
function count(room, counts) {
  list.count(room, counts);
  showTitle();
}

function showTitle() {
  const { mentions, unread } = list.waiting;
  const name = open?.view.opened.room.name ?? $("#talk-title").textContent;
  document.title = `${mentions ? `(${mentions}) ` : unread ? "• " : ""}${name} · ${site}`;
}

/** @param {unknown} error */
function explain(error) {
  toast(error instanceof Refused ? error.message : UNREACHABLE, { bad: true });
}

/**
 * A picture, large.
 * @param {string} url
 * @param {string} name
 */
function look(url, name) {
  const links = h("p", {}, h("a", { class: "button small", href: url, download: name }, _("Download")));
  const close = h("button", { type: "button", class: "button small", onclick: () => dialog.close() }, _("Close"));
  links.append(close);
  /** @type {HTMLElement & Pick<HTMLDialogElement, "close" | "showModal">} */
  const dialog = h("dialog", { class: "lightbox", "aria-label": name }, h("img", { src: url, alt: name }), links);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", ({ target }) => target.matches("dialog") && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {any} detail a frame about a room */
function hear(detail) {
  const id = detail.stream.slice("room:".length);
  if (arriving && arriving.id === id) arriving.frames.push(detail);
  if (!open || open.view.id !== id) return;
  const { view, typists } = open;
  if (detail.type === "chat_snapshot") view.replace({ ...detail, after: false, results: detail.messages });
  else if (detail.type === "chat_gone") view.gone(detail.id, detail.seq);
  else if (detail.type === "chat_typing") typists.take(detail);
  else if (detail.type === "chat_message") {
    view.take(detail.message, true);
    if (detail.message.author?.id) typists.stop(detail.message.author.id);
  }
}

if (!data.listed.place) {
  const begin = () => startConversation(list.listed, me).then((id) => id && location.assign(`/talk/${id}/`), explain);
  $("[data-room-tools]").append(tool("attach", _("New conversation"), begin));
}
new PersonCards({
  me,
  person: (id) => open?.view.opened.people.find((one) => one.id === id),
  open: (room) => location.assign(`/talk/${room}/`),
  mention: (person) => open?.composer?.mention(person),
  blocked: blocks,
  explain,
});
for (const kind of ["chat_message", "chat_gone", "chat_snapshot", "chat_typing"]) {
  gateway.addEventListener(kind, ({ detail }) => hear(detail));
}
gateway.addEventListener("chat_read", ({ detail }) => count(detail.room, detail));
gateway.addEventListener("rights", ({ detail }) => {
  if (open && detail.stream === `room:${open.view.id}`) location.reload();
});
gateway.addEventListener("presence", ({ detail }) => people.change(detail));
for (const kind of ["snapshot", "synced", "chat_snapshot"]) {
  gateway.addEventListener(kind, ({ detail }) => people.snapshot(detail.presence));
}
outbox.addEventListener("sent", ({ detail }) => detail.room === open?.view.id && open?.view.take(detail));

document.addEventListener("click", (event) => {
  const id = event.target.closest("a[data-room]")?.dataset.room;
  if (!id || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  void go(id);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-back]")) return;
  event.preventDefault();
  document.body.classList.remove("in-room");
  $$("a[data-room][aria-current]")[0]?.focus();
});
// Alt and an arrow: the room above or below, as in Discord.
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || !event.altKey || event.shiftKey || event.ctrlKey || !open) return;
  const rooms = $$("[data-rooms] a[data-room]").map((link) => link.dataset.room ?? "");
  const next = rooms[rooms.indexOf(open.view.id) + step];
  event.preventDefault();
  if (next) void go(next);
});
// A keyboard on the screen covers the foot of the page where the browser does not make room for it.
visualViewport?.addEventListener("resize", () => {
  const covers = matchMedia("(pointer: coarse)").matches && innerHeight - (visualViewport?.height ?? innerHeight) > 100;
  document.body.style.height = covers ? `${visualViewport?.height}px` : "";
  if (covers) scrollTo(0, 0);
});
addEventListener("popstate", () => {
  const id = location.pathname.match(/^\/talk\/([0-9a-f-]{36})\//)?.[1];
  if (id) void go(id, false);
  else location.reload();
});
addEventListener("focus", () => open?.view.look());
document.addEventListener("visibilitychange", () => open?.view.look());
