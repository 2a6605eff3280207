// An overlay: the page stands complete when it comes, and is changed piece by piece.

import { listen } from "./overlay/line.js";
import { Stage } from "./overlay/stage.js";

const AGAIN = 10_000;

const root = /** @type {HTMLElement} */ (document.getElementById("stage"));
const stage = new Stage(root, /** @type {HTMLStyleElement} */ (document.getElementById("own")));
const { protocol, host, pathname } = location;

listen(
  `${protocol === "https:" ? "wss" : "ws"}://${host}${pathname.replace(/\/?$/, "/")}ws/`,
  (frame) => {
    if (frame.type === "scene") stage.show(frame);
    else if (frame.type === "patch") stage.change(frame);
  },
  () => {
    stage.clear();
    setTimeout(() => location.reload(), AGAIN);
  },
);

navigator.serviceWorker?.register("/overlay/worker.js", { scope: "/overlay/" }).catch(() => {});
