// The layout editor: parts of a campaign's picture are dragged about, looked at, and saved by one step for each size.

import { Refused, call } from "./api.js";
import { $, $$, readJson, setText } from "./dom.js";
import { components } from "./layout/components.js";
import { CssBox } from "./layout/css-box.js";
import { Draft, put } from "./layout/draft.js";
import { SIZE, linesTo, nudged, placeOf, sized } from "./layout/geometry.js";
import { Handles } from "./layout/handles.js";
import { Picture } from "./layout/picture.js";
import { Inspector, PartList, spoken } from "./layout/side.js";
import { say } from "./speak.js";
import { toast } from "./toasts.js";
import { _ } from "./translation.js";

/** @typedef {import("./layout/components.js").Component} Component */
/** @typedef {import("./layout/geometry.js").Place} Place */
/** @typedef {import("./layout/draft.js").Tier} Tier */

const data = readJson("layout-data");
const AT = `/api/chronicles/${data.chronicle}/layout/`;
const { large, medium, compact } = data.layout;
const draft = new Draft({ large, medium, compact });
const parts = components(data.cast);
const screen = $("#layout-screen");
const picture = new Picture(/** @type {any} */ ($("#layout-frame")), screen);

/** @type {Tier} */
let tier = "medium";
/** @type {Component | null} */
let chosen = null;
/** @type {{ component: Component, place: Place } | null} what is shown while it is dragged */
let held = null;
let series = "";
let drawing = 0;

/** @param {Component} part @returns {Place | null} */
const placeIn = (part) => draft.now[tier][part.group][part.name] ?? null;
/** @param {Component} part */
const shownAt = (part) => (held?.component === part ? held.place : placeIn(part));
/** Where it would be put, if it stands by itself now. @param {Component} part @returns {Place} */
const placeOrHere = (part) => {
  const box = picture.box(part);
  return placeIn(part) ?? (box ? placeOf(box) : { x: 50, y: 50 });
};

const acts = { choose: reveal, set, size, toggle, nudge };
const list = new PartList($("#layout-parts"), parts, acts);
const inspector = new Inspector($("#layout-inspector"), acts);
const css = new CssBox(data.overlays, (known) => {
  if (known) {
    choice("tier", known.tier);
    $("#layout-theme").value = known.theme;
    tier = /** @type {Tier} */ (known.tier);
  }
  redraw();
});
const handles = new Handles($("#layout-handles"), parts, {
  choose,
  box: (part) => picture.box(part),
  place: placeIn,
  scale: () => picture.scale,
  lines: (part) => (aids().includes("snap") || aids().includes("grid") ? linesTo(aids().includes("snap") ? boxesBut(part) : []) : null),
  onGrid: () => aids().includes("grid"),
  show: (component, place) => {
    held = { component, place };
    settle();
  },
  giveUp: () => {
    held = null;
    settle();
  },
  drop: (part, place) => {
    held = null;
    series = "";
    set(part, place);
  },
  press,
});

const aids = () => (screen.dataset.aids ?? "").split(" ");
/** @param {Component} part */
const boxesBut = (part) => parts.filter((each) => each !== part && !placeIn(each)?.hidden).flatMap((each) => picture.box(each) ?? []);

// Drawing

/** The server draws what cannot be moved about here: another size or look, CSS, conditions by themselves. */
async function redraw() {
  const number = ++drawing;
  const layout = { badges: {}, chips: Object.fromEntries(Object.entries(draft.now[tier].chips).map(([name, place]) => [name, { ...place, hidden: undefined }])) };
  const language = document.documentElement.lang === "de" ? "de" : "en";
  try {
    const found = await call("POST", `${AT}preview/`, { tier, theme: $("#layout-theme").value, layout, css: css.css, language });
    if (number !== drawing) return;
    await picture.show(found.scene);
    css.say(found.dropped);
    screen.classList.add("ready");
  } catch (error) {
    if (number === drawing) complain(error);
  }
  settle();
}

let drawnChips = "";
/** All as the draft says; only where conditions came or went the server has to draw. */
function refresh() {
  const wanted = `${tier} ${Object.keys(draft.now[tier].chips).sort()}`;
  if (wanted !== drawnChips) {
    drawnChips = wanted;
    redraw();
  } else settle();
}

function settle() {
  for (const part of parts) picture.put(part, shownAt(part));
  for (const part of parts) {
    const [place, box] = [shownAt(part), picture.box(part)];
    handles.draw(part, part.inner && !place ? null : box, { chosen: part === chosen, gone: Boolean(place?.hidden), said: spoken(part, place) });
    if (handles.isDragging && part !== chosen) continue;
    list.draw(part, place, chosen);
    if (part === chosen) inspector.draw(part, place, box);
  }
  if (!chosen) inspector.draw(null, null, null);
  controls();
}

function controls() {
  const unsaved = draft.unsaved;
  $("#layout-undo").disabled = !draft.canUndo;
  $("#layout-redo").disabled = !draft.canRedo;
  $("#layout-save").disabled = !unsaved.length;
  for (const input of $$("#layout-tiers input")) {
    $(".unsaved", /** @type {any} */ (input.nextElementSibling)).hidden = !unsaved.includes(/** @type {Tier} */ (input.value));
  }
}

// What is done to a part

/** @param {Component} part */
function choose(part) {
  if (chosen === part) return;
  chosen = part;
  series = "";
  settle();
}

/** @param {Component} part */
function reveal(part) {
  choose(part);
  if (matchMedia("(pointer: fine)").matches) handles.focus(part);
}

/** @param {Component} part @param {Place | null} place @param {string} [name] */
function set(part, place, name = "") {
  draft.change(tier, put(draft.now[tier], part.group, part.name, place), name);
  refresh();
  say(spoken(part, place));
}

/** @param {Component} part @param {number} percent */
function size(part, percent) {
  set(part, sized(placeOrHere(part), percent), next(`size ${part.id}`));
}

/** @param {Component} part */
function toggle(part) {
  const { hidden, ...place } = placeOrHere(part);
  series = "";
  if (part.inner && !placeIn(part)) set(part, { x: 50, y: 50, hidden: true });
  else set(part, hidden ? place : { ...place, hidden: true });
}

/** @param {Component} part @param {string} key @param {boolean} [far] */
function nudge(part, key, far = false) {
  const place = nudged(placeOrHere(part), key, far);
  if (place) set(part, place, next(`move ${part.id}`));
}

/** The name of a series of presses, which goes on until something else is done. @param {string} what */
function next(what) {
  if (!series.startsWith(`${what} `) || !draft.isAt(series)) series = `${what} ${Date.now()}`;
  return series;
}

/** @param {Component} part @param {KeyboardEvent} event */
function press(part, { key, shiftKey, ctrlKey, metaKey }) {
  if (ctrlKey || metaKey) return false;
  const place = placeOrHere(part);
  if (nudged(place, key, shiftKey)) nudge(part, key, shiftKey);
  else if (key === "+" || key === "=") size(part, (place.size ?? 100) + SIZE.step);
  else if (key === "-") size(part, (place.size ?? 100) - SIZE.step);
  else if (key === "Delete" || key === "Backspace") set(part, null);
  else if (key === "Escape" && draft.isAt(series)) back();
  else return false;
  return true;
}

function back() {
  step(draft.undo());
  say(chosen ? spoken(chosen, placeIn(chosen)) : _("Taken back."));
}

/** @param {Tier | null} changed */
function step(changed) {
  series = "";
  if (changed && changed !== tier) {
    tier = changed;
    choice("tier", changed);
  }
  refresh();
}

// Saving

async function save() {
  $("#layout-save").disabled = true;
  for (const each of draft.unsaved) {
    try {
      draft.keep(each, await call("PATCH", AT, { tier: each, version: draft.saved[each].version, ...draft.changes(each) }));
    } catch (error) {
      if (error instanceof Refused && error.code === "layout_changed") return void conflict(each);
      complain(error);
      return void controls();
    }
  }
  $("#layout-conflict").hidden = true;
  series = "";
  controls();
  toast(_("Saved. Every open overlay shows it now."));
}

/** Somebody else saved this size meanwhile. Nothing is lost: whoever sits here says what is to be.
 * @param {Tier} where
 */
async function conflict(where) {
  tier = where;
  choice("tier", where);
  refresh();
  const box = $("#layout-conflict");
  const label = $(`#layout-tiers input[value=${where}]`).nextElementSibling?.firstChild?.textContent ?? where;
  setText($("p", box), _("Somebody else saved the layout “{name}” while you were at it. Your changes are still here.", { name: label }));
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
  for (const choose_ of $$("button", box)) choose_.onclick = () => resolve(where, choose_.dataset.keep === "mine");
}

/** @param {Tier} where @param {boolean} withMine */
async function resolve(where, withMine) {
  try {
    const found = await call("GET", AT);
    draft.rebase(where, found[where], withMine);
    $("#layout-conflict").hidden = true;
    drawnChips = "";
    refresh();
    if (withMine) await save();
    else say(_("This is what they saved. Undo brings yours back."));
  } catch (error) {
    complain(error);
  }
}

/** @param {unknown} error */
function complain(error) {
  toast(error instanceof Refused ? error.message : _("The server can’t be reached. Your changes are still here."), { bad: true });
}

// The bar above

/** @param {string} name @param {string} value */
function choice(name, value) {
  const input = $(`input[name=${name}][value=${value}]`);
  if (input) input.checked = true;
}

$("#layout-tiers").addEventListener("change", ({ target }) => {
  tier = /** @type {Tier} */ (target.value);
  series = "";
  refresh();
});
$("#layout-theme").addEventListener("change", redraw);
$("#layout-ground").addEventListener("change", ({ target }) => (screen.dataset.ground = target.value));
$("#layout-aids").addEventListener("change", () => {
  screen.dataset.aids = $$("#layout-aids input").filter((input) => input.checked).map((input) => input.value).join(" ");
});
$("#layout-undo").addEventListener("click", back);
$("#layout-redo").addEventListener("click", () => step(draft.redo()));
$("#layout-save").addEventListener("click", save);
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=number], textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) back();
  else if (key === "y" || key === "z") step(draft.redo());
  else if (key === "s" && draft.unsaved.length) save();
  else if (key !== "s") return;
  event.preventDefault();
});
addEventListener("beforeunload", (event) => {
  if (draft.unsaved.length || css.isUnsaved) event.preventDefault();
});

new ResizeObserver(settle).observe(screen);
picture.load($("#layout-editor").dataset.frame ?? "").then(refresh);
