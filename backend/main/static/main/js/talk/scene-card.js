// A scene where it was opened: its title, where it plays, who takes part, and its log.

import { h } from "../dom.js";
import { _ } from "../translation.js";
import { avatar, chatIcon, nameOf } from "./draw.js";

/** @param {Scene} scene */
export function sceneCard(scene) {
  const title = h("h3", { dir: "auto", translate: "no" }, scene.title);
  const place = scene.place ? h("p", { class: "muted", dir: "auto", translate: "no" }, scene.place) : null;
  const who = scene.parts.length ? h("ul", { class: "scene-parts" }, ...scene.parts.map(one)) : h("p", { class: "muted" }, _("Nobody takes part yet."));
  const state = h("span", { class: "badge" }, scene.open ? _("Scene") : _("Closed scene"));
  const log = h("a", { class: "button small", href: `/scenes/${scene.id}/` }, chatIcon("file"), _("Log"));
  return h("article", { class: "game-card scene-card" }, h("header", {}, state, title), place, who, h("p", { class: "actions" }, log));
}

/** @param {ScenePart} part */
const one = ({ name, portrait_url: picture, away }) =>
  h("li", { class: away ? "away" : "" }, avatar(name, picture), nameOf(name), away ? h("span", { class: "muted" }, _("(away)")) : null);
