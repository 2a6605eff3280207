// Colours inside ```ansi blocks: the sixteen SGR codes that chat apps show.

import { el } from "./dom.js";

const code = /\u001b\[([\d;]*)m/g;

function applied(state, number) {
  if (number === 0) return {};
  if (number === 1) return { ...state, bold: true };
  if (number === 4) return { ...state, line: true };
  if (number >= 30 && number <= 37) return { ...state, ink: number };
  if (number >= 40 && number <= 47) return { ...state, back: number };
  return state;
}

function classes({ bold, line, ink, back }) {
  const names = [bold && "ansi-bold", line && "ansi-line", ink && `ansi-${ink}`, back && `ansi-${back}`];
  return names.filter(Boolean).join(" ");
}

const piece = (text, state) => (text ? [el("span", { class: classes(state) }, text)] : []);

/** Text with escape codes → spans. Unknown codes are left out. */
export function ansiNodes(text) {
  const nodes = [];
  let state = {};
  let at = 0;
  for (const match of text.matchAll(code)) {
    nodes.push(...piece(text.slice(at, match.index), state));
    state = match[1].split(";").map(Number).reduce(applied, state);
    at = match.index + match[0].length;
  }
  return [...nodes, ...piece(text.slice(at), state)];
}
