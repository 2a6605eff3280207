// Bars that stay in view never hide what has the focus, and take at most a third of the window.

import { $$ } from "./dom.js";

const MOST = 1 / 3;
const root = document.documentElement;

/** Once for a page: measures `[data-bar=top]` and `[data-bar=bottom]`, now and whenever their size or the window's changes. */
export function keepBarsSmall() {
  const sizes = new ResizeObserver(measureBars);
  for (const bar of $$("[data-bar]")) sizes.observe(bar);
  addEventListener("resize", measureBars);
  measureBars();
}

/** Call it too when a bar has come or gone. */
export function measureBars() {
  const [top, bottom] = ["top", "bottom"].map(heightOf);
  const flows = top + bottom > innerHeight * MOST;
  root.classList.toggle("bars-flow", flows);
  root.style.setProperty("--bar-top", `${flows ? 0 : Math.ceil(top)}px`);
  root.style.setProperty("--bar-bottom", `${Math.ceil(bottom)}px`);
}

/**
 * A bar at the foot counts where it stays there; one at the head keeps its height wherever it stands.
 * @param {string} side
 */
function heightOf(side) {
  const heights = $$(`[data-bar=${side}]`)
    .filter((bar) => side === "top" || ["fixed", "sticky"].includes(getComputedStyle(bar).position))
    .map((bar) => (bar.classList.contains("open") ? 0 : bar.getBoundingClientRect().height));
  return heights.reduce((sum, height) => sum + height, 0);
}
