// Private conversations: begin one, call a group something else, take somebody in, leave.

import { call } from "../api.js";
import { ask, confirm } from "../dialogs.js";
import { $$, h } from "../dom.js";
import { _ } from "../translation.js";
import { roomUrl } from "./draw.js";
import { folded } from "./emoji.js";

const MOST = 24;

/**
 * Begins a conversation with people of the reader’s servers; resolves with its room.
 * @param {Rooms} listed
 * @param {string} me
 * @returns {Promise<string | null>}
 */
export async function startConversation(listed, me) {
  const name = h("input", { name: "name", maxlength: "100", autocomplete: "off", id: "talk-group" });
  const field = h("div", { class: "field" }, h("label", { for: "talk-group" }, _("Name of the group, if you like")), name);
  const people = await choosePeople(listed, new Set([me]), _("New conversation"), _("Start"), [field]);
  if (!people) return null;
  const { id } = await call("POST", "/api/chat/conversations/", { people, name: name.value.trim() });
  return id;
}

/**
 * @param {string} room
 * @param {string} before
 */
export async function renameConversation(room, before) {
  const input = h("input", { name: "name", maxlength: "100", autocomplete: "off", id: "talk-group", value: before });
  const field = h("div", { class: "field" }, h("label", { for: "talk-group" }, _("Name of the group")), input);
  const name = await ask({ title: _("Rename the group"), body: [field], read: () => input.value.trim() });
  return name === null ? null : call("PATCH", `/api/chat/conversations/${room}/`, { name });
}

/**
 * @param {string} room
 * @param {Rooms} listed
 * @param {OpenRoom} opened
 */
export async function addPeople(room, listed, opened) {
  const there = new Set(opened.people.map(({ id }) => id ?? ""));
  const people = await choosePeople(listed, there, _("Add people"), _("Add"), []);
  for (const id of people ?? []) await call("PUT", `/api/chat/conversations/${room}/people/${id}/`, {});
  return people;
}

/**
 * @param {string} room
 * @param {string} me
 */
export async function leaveConversation(room, me) {
  const says = _("You won’t see what is said there any more. Somebody in it can take you in again.");
  if (!(await confirm(_("Leave this conversation?"), says, _("Leave")))) return false;
  await call("DELETE", `/api/chat/conversations/${room}/people/${me}/`, {});
  return true;
}

/**
 * Asks for people of one of the reader’s servers.
 * @param {Rooms} listed
 * @param {Set<string>} without
 * @param {string} title
 * @param {string} accept
 * @param {Node[]} more
 * @returns {Promise<string[] | null>}
 */
async function choosePeople(listed, without, title, accept, more) {
  const servers = listed.places.filter(({ id, room }) => id && room);
  const server = h("select", { "aria-label": _("Server"), translate: "no" }, ...servers.map(({ room, name }) => h("option", { value: room }, name)));
  const filter = h("input", { type: "search", "aria-label": _("Search people"), placeholder: _("Search people"), autocomplete: "off" });
  const list = h("div", { class: "talk-choose", role: "group", "aria-label": _("People") });
  /** @type {Map<string, string>} */
  const chosen = new Map();
  const says = h("p", { class: "field-error", role: "alert" });
  const load = async () => {
    // Who sees the first of its channels.
    /** @type {OpenRoom} */
    const { people } = await call("GET", roomUrl(server.value));
    const others = people.filter(({ id }) => !without.has(id ?? ""));
    list.replaceChildren(...others.map((one) => person(one, chosen)));
    if (!others.length) list.append(h("p", { class: "muted" }, _("Nobody else is there.")));
  };
  filter.addEventListener("input", () => {
    const wanted = folded(filter.value.trim());
    for (const label of $$("label", list)) label.hidden = !folded(label.textContent ?? "").includes(wanted);
  });
  server.addEventListener("change", () => void load());
  if (servers.length) await load();
  return ask({
    title,
    accept,
    body: [server, filter, list, ...more, says],
    read: () => {
      says.textContent = !chosen.size ? _("Choose somebody.") : chosen.size > MOST ? _("A group can have up to {most} others.", { most: MOST }) : "";
      return says.textContent ? undefined : [...chosen.keys()];
    },
  });
}

/**
 * @param {RoomPerson} person
 * @param {Map<string, string>} chosen
 */
function person({ id, name }, chosen) {
  const key = id ?? "";
  const box = h("input", { type: "checkbox", checked: chosen.has(key) });
  box.addEventListener("change", () => (box.checked ? chosen.set(key, name) : chosen.delete(key)));
  return h("label", { class: "switch" }, box, h("bdi", { translate: "no" }, name));
}
