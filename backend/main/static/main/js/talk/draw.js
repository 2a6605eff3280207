// Pieces that the whole chat page is drawn of: icons, pictures of people, times, and the address of a room.

import { $, h } from "../dom.js";
import { _ } from "../translation.js";

const SVG = "http://www.w3.org/2000/svg";
const { lang } = document.documentElement;
const clock = new Intl.DateTimeFormat(lang, { timeStyle: "short" });
const dayAndClock = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
const wholeDay = new Intl.DateTimeFormat(lang, { dateStyle: "full" });
const near = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const DAY = 86_400_000;

/** @param {string} name */
export function chatIcon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${$("#main").dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * A button that shows only its icon; its label is what it says.
 * @param {string} name
 * @param {string} label
 * @param {(event: Happening) => unknown} onclick
 * @param {Record<string, any>} [more]
 */
export function tool(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "button quiet square", "aria-label": label, title: label, onclick, ...more }, chatIcon(name));
}

/**
 * @param {string} name
 * @param {string} [url]
 */
export function avatar(name, url) {
  if (url) return h("img", { class: "avatar", src: url, alt: "", width: "40", height: "40", loading: "lazy" });
  const [letter = "?"] = name;
  const node = h("span", { class: "avatar", "aria-hidden": "true", translate: "no" }, letter.toUpperCase());
  node.style.background = `oklch(0.46 0.11 ${hue(name)})`;
  return node;
}

/**
 * Everybody has a colour of their own as long as they have no picture.
 * @param {string} name
 */
function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return (sum * 47) % 360;
}

/** @param {string} at */
export const clockTime = (at) => clock.format(new Date(at));

/** @param {string} at */
export const wholeTime = (at) => dayAndClock.format(new Date(at));

/** @param {string} at */
export const dayName = (at) => wholeDay.format(new Date(at));

/**
 * “21:04” today, “yesterday at 9:12”, else with the date.
 * @param {string} at
 */
export function when(at) {
  const moment = new Date(at);
  const days = Math.round((startOfDay(moment) - startOfDay(new Date())) / DAY);
  if (days === 0) return clock.format(moment);
  if (days < -1 || days > 0) return dayAndClock.format(moment);
  return _("{day} at {time}", { day: near.format(days, "day"), time: clock.format(moment) });
}

/** @param {Date} moment */
const startOfDay = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).valueOf();

/**
 * @param {string} at
 * @param {string} text
 */
export const timeOf = (at, text) => h("time", { datetime: at, title: wholeTime(at) }, text);

/** @param {string} room */
export const roomUrl = (room, rest = "") => `/api/chat/rooms/${room}/${rest}`;

/** @param {number} bytes */
export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  return new Intl.NumberFormat(lang, { style: "unit", unit: units[step], maximumFractionDigits: 1 }).format(bytes / 1024 ** step);
}

/**
 * Names are somebody’s own words: in no language, and never out of their place.
 * @param {string} name
 * @param {Record<string, any>} [more]
 */
export const nameOf = (name, more = {}) => h("bdi", { class: "who", translate: "no", title: name.slice(0, 100), ...more }, name);
