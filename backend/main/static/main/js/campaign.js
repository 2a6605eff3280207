// A campaign's page for viewers: follows what everybody may see, or moves through a recording. It says nothing to the server.

import { $, $$, localTimes, setText } from "./dom.js";
import { listen } from "./overlay/line.js";
import { Stage } from "./overlay/stage.js";
import { Pace } from "./pace.js";

/** @typedef {import("./overlay/stage.js").Scene} Scene */
/** @typedef {import("./overlay/stage.js").Patch} Patch */

// Between two looks at a recording while somebody drags the slider.
const PAUSE = 120;
const AGAIN = 2000;

const root = $("#stage");
const stage = root ? new Stage(root, null) : null;

dress();
if (root?.dataset.live) follow(root.dataset.live);
const scrubber = /** @type {HTMLFormElement | null} */ (document.getElementById("scrubber"));
if (scrubber) scrub(scrubber);

/** What the pieces cannot say themselves: each character's colour, and times on the reader's clock. */
function dress() {
  for (const card of $$("[data-accent]")) card.style.setProperty("--theme", card.dataset.accent ?? "");
  localTimes(document);
}

/** @param {Scene | Patch} frame */
function draw(frame) {
  if (frame.type === "scene") stage?.show(frame);
  else if (frame.type === "patch") stage?.change(frame);
  dress();
}

/** @param {string} path */
function follow(path) {
  const { protocol, host } = location;
  const language = document.documentElement.lang;
  listen(`${protocol === "https:" ? "wss" : "ws"}://${host}${path}?language=${encodeURIComponent(language)}`, draw, () => {
    root.remove();
    $("#off-air").hidden = false;
  });
}

/** @param {HTMLFormElement} form */
function scrub(form) {
  const slider = /** @type {HTMLInputElement} */ (form.querySelector("input[type=range]"));
  const looks = new Pace(look, PAUSE);
  let shown = slider.value;

  async function look() {
    const wanted = slider.value;
    if (wanted === shown) return;
    try {
      const answer = await fetch(`${form.dataset.scene}?at=${wanted}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return AGAIN;
      draw({ ...(await answer.json()), type: "scene" });
    } catch {
      return AGAIN;
    }
    shown = wanted;
    history.replaceState(null, "", `?at=${wanted}`);
    if (slider.value !== wanted) looks.ask();
    return undefined;
  }

  slider.addEventListener("input", () => {
    const clock = timecode(Number(slider.value));
    setText($("#clock"), clock);
    slider.setAttribute("aria-valuetext", clock);
    looks.ask();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of $$("a[data-second]", form)) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      // A step of the slider must not lead elsewhere.
      slider.step = "1";
      slider.value = link.dataset.second ?? "0";
      slider.dispatchEvent(new Event("input"));
    });
  }
}

/** @param {number} seconds */
export function timecode(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}
