// The picture in its frame: drawn by the server, moved about here. It is as large as on air, and only shown smaller.

/** @typedef {import("./components.js").Component} Component */
/** @typedef {import("./geometry.js").Box} Box */
/** @typedef {import("./geometry.js").Place} Place */

const GHOST = "0.32";

export class Picture {
  /** @param {HTMLIFrameElement} frame @param {HTMLElement} screen */
  constructor(frame, screen) {
    this.frame = frame;
    this.scale = 1;
    new ResizeObserver(() => {
      this.scale = screen.clientWidth / 1920;
      screen.style.setProperty("--scale", String(this.scale));
    }).observe(screen);
  }

  /** @param {string} address */
  async load(address) {
    const loaded = new Promise((resolve) => this.frame.addEventListener("load", resolve, { once: true }));
    this.frame.src = address;
    await loaded;
  }

  /** There is none before the frame has loaded. */
  get #root() {
    return this.frame.contentDocument?.getElementById("stage") ?? null;
  }

  /** @param {{ attributes: Record<string, string>, css: string, pieces: { area: string, html: string }[] }} scene */
  async show({ attributes, css, pieces }) {
    const root = this.#root;
    if (!root) return;
    Object.assign(root.dataset, attributes);
    const own = this.frame.contentDocument?.getElementById("own");
    if (own && own.textContent !== css) own.textContent = css;
    for (const area of /** @type {HTMLElement[]} */ ([...root.children])) {
      area.innerHTML = pieces.filter((piece) => piece.area === area.dataset.area).map(({ html }) => html).join("");
    }
    await this.frame.contentDocument?.fonts.ready;
  }

  /** @param {Component} component @returns {HTMLElement | null} */
  #find({ key }) {
    return this.#root?.querySelector(key === "rolls" ? ".area-rolls" : `[data-key="${CSS.escape(key)}"]`) ?? null;
  }

  /** @param {Component} component @returns {Box | null} null for what is not in the picture */
  box(component) {
    const found = this.#find(component)?.getBoundingClientRect();
    return found && found.width ? { left: found.left, top: found.top, width: found.width, height: found.height } : null;
  }

  /** Put it somewhere; without a place it stands where it does by itself. What is hidden is a ghost here.
   * @param {Component} component
   * @param {Place | null} place
   */
  put(component, place) {
    const element = this.#find(component);
    if (!element) return;
    element.classList.toggle("placed", Boolean(place));
    const { x, y, size, hidden } = place ?? {};
    for (const [name, value] of [["--x", x], ["--y", y], ["--size", size]]) {
      if (value === undefined) element.style.removeProperty(/** @type {string} */ (name));
      else element.style.setProperty(/** @type {string} */ (name), String(value));
    }
    element.style.opacity = hidden ? GHOST : "";
  }
}
