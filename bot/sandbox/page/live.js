// The live WebSocket: reconnects by itself, with growing and scattered delays.

import { liveAddress } from "./api.js";

const firstDelay = 400;
const longestDelay = 15000;

/** Scattered, so that many open pages do not come back in the same instant. */
function reconnectDelay(attempt, random = Math.random) {
  return Math.min(longestDelay, firstDelay * 2 ** attempt) * (0.5 + random());
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Keeps one socket for a person. onEvent(event) for every frame; onState("open" | "lost") on each change.
 * Returns a function that ends it.
 */
export function connectLive(as, { onEvent, onState }) {
  let socket = null;
  let timer = 0;
  let attempt = 0;
  let ended = false;

  function open() {
    clearTimeout(timer);
    socket = new WebSocket(liveAddress(as));
    socket.addEventListener("open", () => {
      attempt = 0;
      onState("open");
    });
    socket.addEventListener("message", ({ data }) => {
      const event = parse(data);
      if (event && !ended) onEvent(event);
    });
    socket.addEventListener("close", lost);
  }

  function lost() {
    if (ended) return;
    onState("lost");
    timer = setTimeout(open, reconnectDelay(attempt));
    attempt += 1;
  }

  function hurry() {
    if (!ended && socket.readyState === WebSocket.CLOSED) open();
  }

  addEventListener("online", hurry);
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    removeEventListener("online", hurry);
    socket.close();
  };
}
