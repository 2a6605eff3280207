// The sheet's page: one character, its live connection, its queue of changes, its history.

import { $, $$, h, localTimes, readJson, setText } from "./dom.js";
import { Refused, call, characterUrl } from "./api.js";
import { actForOthers } from "./acting.js";
import { Changes } from "./changes.js";
import { followRolls, lookAfterDice } from "./dice.js";
import { pickOnSheet } from "./pick-pool.js";
import { Character, remember } from "./character.js";
import { askConflict, confirm, tell } from "./dialogs.js";
import { bringToLife } from "./elements/index.js";
import { History } from "./history.js";
import { gateway, live } from "./live.js";
import { sentence } from "./notices.js";
import { Panel } from "./panel.js";
import { Portrait } from "./portrait.js";
import { Presence } from "./presence.js";
import { Drawer } from "./storage.js";
import { signIn, toast } from "./toasts.js";
import { askVisibility } from "./visibility.js";
import { doorText, eventText } from "./words.js";
import { _, n_ } from "./translation.js";

const { splats, user, people } = live;
const data = readJson("character");
const character = remember(new Character(data, splats[0], user));
const changes = new Changes(character, new Drawer(`${user}:${data.id}`), (conflicts, mine) => askConflict(conflicts, mine, ownDoor));
if (data.rights.edit) character.changes = changes;
actForOthers(changes);
bringToLife();

const portrait = new Portrait($(".sheet-head"), character, toast);
const presence = new Presence($("[data-presence]"), people, user);
/** @type {History | undefined} */
let history;
/** @type {any[]} frames of our own changes, until the answer is there */
let held = [];

function showHead() {
  for (const node of $$("[data-bind=version]")) setText(node, character.version);
  for (const node of $$("[data-bind=name]")) setText(node, character.view.name);
  document.documentElement.style.setProperty("--theme", character.colour());
  portrait.show();
  setText($("[data-lock-word]"), character.fields.locked ? _("Unlock the sheet") : _("Lock the sheet"));
  $("[data-locked]").hidden = !character.rights.trackers_only;
}

const SYNC = {
  saved: () => _("Saved"),
  saving: () => _("Saving"),
  offline: (/** @type {number} */ count) => n_("Offline: {count} change waits", "Offline: {count} changes wait", count),
  failed: () => _("Not saved"),
};

/** @param {{ state: import("./changes.js").State, count: number, error: Refused | null }} sync */
function showSync({ state, count, error }) {
  const pill = $("[data-sync]");
  pill.hidden = false;
  pill.dataset.state = state;
  setText($(".word", pill), SYNC[state](count));
  if (state === "failed" && error) (NOT_SAVED[error.code] ?? signedOut)();
}

function signedOut() {
  keptHere(_("You’re signed out. What you changed is kept on this device."), { label: _("Sign in"), run: signIn });
}

function outOfDate() {
  const run = () => location.reload();
  keptHere(_("This page is out of date. What you changed is kept on this device; reload to save it."), { label: _("Reload"), run });
}

function ofAnother() {
  keptHere(_("Another account is signed in here now. What you changed waits on this device until you sign in again."));
}

/** @type {Record<string, () => void>} */
const NOT_SAVED = { csrf_failed: outOfDate, other_account: ofAnother };
const shown = new Set();
/**
 * @param {string} text
 * @param {{ label: string, run: () => unknown } | null} action
 */
function keptHere(text, action = null) {
  if (shown.has(text)) return;
  shown.add(text);
  toast(text, { bad: true, action });
}

/** By which door this very account made the other change of a conflict; null where somebody else did. */
const doors = new Map(); // version → [actor, door]
/** @param {Conflicting} conflict */
function ownDoor({ version, by }) {
  const [actor, door] = doors.get(version) ?? [by === $(".account .who")?.textContent ? user : null, "web"];
  return actor === user ? door : null;
}

/**
 * Our own change comes back twice: as the answer, and as an event. While the answer is under way the event waits for it.
 * @param {any} frame
 */
function news(frame) {
  if (frame.id !== character.id) return;
  if (frame.event) doors.set(frame.version, [frame.event.actor?.id ?? null, frame.event.door]);
  tellEvent(frame.event);
  if (held.length || changes.isMine(frame.event)) held.push(frame);
  else character.receive(frame);
}

function releaseHeld() {
  const frames = held;
  held = [];
  for (const frame of frames) character.receive(frame, frame.event?.actor?.id === user);
}

/** @param {HistoryEvent | null | undefined} event */
function tellEvent(event) {
  if (!event) return;
  history?.add(event);
  presence.learn(event.actor);
  const own = event.actor?.id === user;
  if ((own && event.door === "web") || !Object.keys(event.changes ?? {}).length) return;
  toast(eventText(own ? { ...event, actor: { ...event.actor, name: _("You") } } : event));
}

for (const kind of ["done", "refused", "settled"]) changes.addEventListener(kind, releaseHeld);
changes.addEventListener("state", ({ detail }) => showSync(detail));
changes.addEventListener("done", ({ detail: { event, notices } }) => {
  history?.add(event);
  for (const notice of notices) toast(sentence(notice));
});
changes.addEventListener("refused", ({ detail: { error } }) => toast(error.message, { bad: true }));
character.addEventListener("refresh", showHead);
character.addEventListener("gap", () => gateway.open(character.id));
character.addEventListener("removed", ({ detail: { name, event } }) => {
  toast(_("{name} was removed.", { name }), { action: { label: _("Undo"), run: () => undo(event) } });
});

gateway.addEventListener("update", ({ detail }) => news(detail));
gateway.addEventListener("sheet", ({ detail }) => detail.character.id === character.id && character.replace(detail.character));
for (const kind of ["snapshot", "synced"]) gateway.addEventListener(kind, ({ detail }) => detail.stream === character.stream && presence.snapshot(detail));
gateway.addEventListener("presence", ({ detail }) => presence.change(detail));
gateway.addEventListener("deleted", ({ detail }) => detail.id === character.id && (detail.event?.type === "character.left" ? location.reload() : gone(detail.event)));
gateway.addEventListener("rights", ({ detail }) => (detail.lost ? lookAgain() : gateway.open(character.id)));

/** @param {HistoryEvent} event */
async function undo(event) {
  try {
    const answer = await call("POST", characterUrl(character.id, "undo/"), { event: event.id, player: changes.actingFor ?? undefined });
    character.replace(answer.character);
    history?.add(answer.event);
  } catch (error) {
    toast(error instanceof Refused ? error.message : _("The server can’t be reached just now."), { bad: true });
  }
}

/** @param {HistoryEvent | null | undefined} event */
async function gone(event) {
  gateway.stop();
  const own = event?.actor?.id === user;
  const where = own && event.door === "web" ? _("in another tab") : doorText(event?.door ?? "");
  const by = event?.actor?.name ?? _("Somebody");
  const text = own
    ? _("You deleted it {where}. It can be restored from the list of characters.", { where })
    : _("{by} deleted it {where}. It can be restored from the list of characters.", { by, where });
  await tell(_("This character was deleted"), text);
  location.assign("/");
}

/** The table is closed to us; the character itself may still be ours. */
async function lookAgain() {
  try {
    character.replace(await call("GET", characterUrl(character.id)));
  } catch (error) {
    if (!(error instanceof Refused)) return;
    gateway.stop();
    await tell(_("You can’t see this any more"), _("Your rights at this table have changed."));
    location.assign("/");
  }
}

// The menu, the drawer and the bar on phones.

$("[data-print]")?.addEventListener("click", () => print());
matchMedia("print").addEventListener("change", ({ matches }) => (matches ? unfold() : foldAgain()));

/** @type {Found[]} */
let folded = [];
/** On paper nothing can be opened. */
function unfold() {
  folded = $$(".sheet-body details:not([open])");
  for (const box of folded) box.open = true;
}

function foldAgain() {
  for (const box of folded) box.open = false;
}

$("[data-lock]")?.addEventListener("click", () => {
  character.edit({ path: "locked", op: "set", value: !character.view.locked });
});

$("[data-visibility]")?.addEventListener("click", () => {
  askVisibility(character, toast);
});

$("[data-delete]")?.addEventListener("click", async () => {
  const sure = await confirm(_("Delete {name}?", { name: character.view.name }), _("It disappears from every list. You can restore it from “Recently deleted” on the dashboard."), _("Delete"));
  if (!sure) return;
  try {
    gateway.stop();
    await call("DELETE", characterUrl(character.id));
    location.assign("/");
  } catch (error) {
    gateway.start();
    toast(error instanceof Refused ? error.message : _("The server can’t be reached just now. Nothing was deleted."), { bad: true });
  }
});

const beside = matchMedia("(min-width: 75rem)");
const drawers = $$("dialog.drawer");
/** @type {Record<string, (address: string) => void>} */
const fill = { history: openHistory, dice: openDice };
const filled = new Set();

for (const link of $$("[data-drawer]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    toggleDrawer($(`#${link.dataset.drawer}`), link.href);
  });
}

/**
 * @param {Found} drawer
 * @param {string} [address] of what fills it
 */
function toggleDrawer(drawer, address) {
  if (drawer.open) return drawer.close();
  for (const other of drawers) other.close();
  showDrawer(drawer);
  if (!address || filled.has(drawer.id)) return;
  filled.add(drawer.id);
  fill[drawer.id](address);
}

/**
 * Beside the sheet where there is room, else over it.
 * @param {Found} drawer
 */
function showDrawer(drawer) {
  if (beside.matches) drawer.show();
  else drawer.showModal();
}
beside.addEventListener("change", () => {
  for (const drawer of drawers.filter(({ open }) => open)) {
    drawer.close();
    showDrawer(drawer);
  }
});

addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && !$("dialog:modal")) for (const drawer of drawers) drawer.close();
});
for (const drawer of drawers) {
  drawer.addEventListener("click", ({ target, clientX }) => {
    const outside = target === drawer && clientX < drawer.getBoundingClientRect().left;
    if (outside || target.closest("[data-close]")) drawer.close();
  });
}

pickOnSheet($("#dice"), () => toggleDrawer($("#dice")));

/** @param {string} address */
function openDice(address) {
  const content = $("[data-dice-content]");
  new Panel(content, address, () => {
    localTimes(content);
    followRolls(gateway, user);
  }).load();
}

/** @param {string} address */
function openHistory(address) {
  const content = $("[data-history-content]");
  new Panel(content, address, () => {
    const list = h("ol", { class: "history" });
    list.append(...content.childNodes);
    content.replaceChildren(list);
    history = new History(list, $("#event-template"), character);
  }).load();
}

$(".deck-summary")?.addEventListener("click", ({ currentTarget }) => {
  const open = $("[data-deck]").classList.toggle("open");
  currentTarget.setAttribute("aria-expanded", String(open));
});

const nav = $(".sheet-nav");
const links = new Map($$("a", nav).map((link) => [link.hash.slice(1), link]));
const spy = new IntersectionObserver(
  (entries) => {
    const seen = entries.find((one) => one.isIntersecting);
    if (!seen) return;
    for (const [id, link] of links) {
      if (id !== seen.target.id) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "true");
        if (!nav.contains(document.activeElement)) center(link);
      }
    }
  },
  { rootMargin: "-30% 0px -65% 0px" },
);
for (const section of $$(".section")) spy.observe(section);
nav.addEventListener("focusin", ({ target }) => center(target));

/**
 * Browsers leave a link where it is that is seen by half.
 * @param {Found} link
 */
function center(link) {
  nav.scrollLeft = link.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
}

showHead();
lookAfterDice();
changes.restore();
gateway.subscribe(character.stream);
gateway.open(character.id);
