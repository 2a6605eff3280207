// Times as people read them. Relative ones keep themselves up to date.

import { el } from "./dom.js";

const styles = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

const steps = [
  ["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1],
];

const latestDate = 8.64e15;

function relative(milliseconds) {
  const seconds = Math.round((milliseconds - Date.now()) / 1000);
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) || steps.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const written = (milliseconds, style) => new Intl.DateTimeFormat(undefined, styles[style]).format(milliseconds);

/** The <t:seconds:style> of a message. */
export function timeNode(milliseconds, style) {
  if (Math.abs(milliseconds) > latestDate) return `<t:${milliseconds / 1000}>`;
  const text = style === "R" ? relative(milliseconds) : written(milliseconds, style);
  const attributes = { class: "timestamp", datetime: new Date(milliseconds).toISOString(), title: written(milliseconds, "F") };
  if (style === "R") attributes.data = { since: milliseconds };
  return el("time", attributes, text);
}

const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();

/** When a message was written: the hour today, else with the date. */
export function messageTime(iso) {
  const at = Date.parse(iso);
  const text = sameDay(at, Date.now()) ? written(at, "t") : `${written(at, "d")} ${written(at, "t")}`;
  return el("time", { datetime: iso, title: written(at, "F") }, text);
}

export const shortTime = (iso) => written(Date.parse(iso), "t");

export function dayLine(iso) {
  return el("div", { class: "day-line", role: "separator" }, el("span", {}, written(Date.parse(iso), "D")));
}

export const newDay = (iso, previous) => Boolean(previous) && !sameDay(Date.parse(iso), Date.parse(previous));

export function keepTimesFresh() {
  setInterval(() => {
    for (const node of document.querySelectorAll("time[data-since]")) node.textContent = relative(Number(node.dataset.since));
  }, 20000);
}
