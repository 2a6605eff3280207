// A service worker for overlays alone: a reload without network, or while the server is away, is an empty transparent
// page that tries again, and not a browser's error on somebody's stream.

const EMPTY = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<style>html{background:transparent}</style>`;

const empty = () => new Response(EMPTY, { headers: { "Content-Type": "text/html; charset=utf-8" } });

/** @param {Request} request */
async function answer(request) {
  try {
    const response = await fetch(request);
    return response.status < 500 ? response : empty();
  } catch {
    return empty();
  }
}

addEventListener("install", () => /** @type {any} */ (globalThis).skipWaiting());
addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(/** @type {any} */ (globalThis).clients.claim());
});
addEventListener("fetch", (/** @type {any} */ event) => {
  if (event.request.mode === "navigate") event.respondWith(answer(event.request));
});
