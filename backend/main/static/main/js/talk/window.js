// A long list of rows of any height, of which only those near the view are in the page. Whatever is added, removed or
// grows, what somebody looks at stays where it is; at the foot, the list stays at the foot.

const OVERSCAN = 700;
const AT_FOOT = 48;
// Drawing takes no longer than this in one go: the rest comes with the next frame.
const BUDGET = 7;

export class ListWindow {
  /**
   * @param {HTMLElement} scroller
   * @param {{ draw: (row: Row) => HTMLElement, estimate: (row: Row) => number, moved: () => void }} how
   */
  constructor(scroller, { draw, estimate, moved }) {
    this.scroller = scroller;
    this.draw = draw;
    this.estimate = estimate;
    this.moved = moved;
    this.above = pusher();
    this.below = pusher();
    scroller.replaceChildren(this.above, this.below);
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Map<string, number>} */
    this.heights = new Map();
    /** @type {Map<string, { node: HTMLElement, shape: string }>} */
    this.drawn = new Map();
    this.tops = new Float64Array(1);
    this.sticks = true;
    this.held = 0;
    /** @type {number | undefined} */
    this.frame = undefined;
    this.watch = new ResizeObserver((entries) => this.#resized(entries));
    this.size = new ResizeObserver(() => this.#reshaped());
    this.size.observe(scroller);
    this.width = scroller.clientWidth;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  get isAtFoot() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight <= AT_FOOT;
  }

  /** @param {Row[]} rows */
  set(rows) {
    const anchor = this.#anchor();
    this.rows = rows;
    this.#layOut();
    this.#render(anchor);
  }

  /** Draws everything in view anew: what it is drawn by has changed. */
  forget() {
    const anchor = this.#anchor();
    for (const [key, { node }] of this.drawn) this.drawn.set(key, { node, shape: "waits" });
    this.#render(anchor);
  }

  /**
   * To a row, in the upper third of the view; whether there is one.
   * @param {string} key
   */
  show(key) {
    const at = this.rows.findIndex((row) => row.key === key);
    if (at < 0) return false;
    this.sticks = false;
    this.scroller.scrollTop = this.tops[at] - this.scroller.clientHeight / 3;
    this.#render({ key, offset: this.tops[at] - this.scroller.scrollTop });
    return true;
  }

  toFoot() {
    this.sticks = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#render(null);
  }

  /** @param {string} key */
  node(key) {
    return this.drawn.get(key)?.node ?? null;
  }

  /** The keys of the rows in view, and of those around them that are in the page. */
  get near() {
    return [...this.drawn.keys()];
  }

  /** The last row of which the foot is in view. */
  get lastSeen() {
    return this.rows[Math.min(this.#at(this.scroller.scrollTop + this.scroller.clientHeight), this.rows.length - 1)];
  }

  /** The first row in view. */
  get firstSeen() {
    return this.rows[this.#at(this.scroller.scrollTop)];
  }

  #scrolled() {
    // What scrolls by our own hand moves nobody away from the foot.
    if (Math.abs(this.scroller.scrollTop - this.held) > 1) this.sticks = this.isAtFoot;
    this.#later();
  }

  #later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.#render(this.#anchor());
      this.moved();
    });
  }

  #layOut() {
    const tops = new Float64Array(this.rows.length + 1);
    for (const [at, row] of this.rows.entries()) tops[at + 1] = tops[at] + (this.heights.get(row.key) ?? this.estimate(row));
    this.tops = tops;
  }

  /**
   * The row that stands at this height.
   * @param {number} height
   */
  #at(height) {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= height) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** What is kept in its place: the first row in view, and how far below the edge it begins. */
  #anchor() {
    if (this.sticks || !this.rows.length) return null;
    const { scrollTop } = this.scroller;
    const at = this.#at(scrollTop);
    // A row that only says that more is coming is no place to hold on to.
    const held = this.rows[at].kind === "loads" && at + 1 < this.rows.length ? at + 1 : at;
    return { key: this.rows[held].key, offset: this.tops[held] - scrollTop };
  }

  /** @param {{ key: string, offset: number } | null} anchor */
  #render(anchor) {
    if (!this.rows.length) return void this.#clear();
    const { clientHeight } = this.scroller;
    const foot = this.tops[this.rows.length];
    const index = anchor ? this.rows.findIndex(({ key }) => key === anchor.key) : -1;
    const top = anchor && index >= 0 ? this.tops[index] - anchor.offset : this.sticks ? foot - clientHeight : this.scroller.scrollTop;
    const from = this.#at(Math.max(0, top - OVERSCAN));
    const to = this.#at(top + clientHeight + OVERSCAN);
    const seen = { from: this.#at(Math.max(0, top)), to: this.#at(top + clientHeight) };
    const whole = this.#place(from, to, seen);
    this.#measure();
    this.#layOut();
    this.#push(from, to);
    this.#hold(anchor, index);
    if (!whole) this.#later();
  }

  /**
   * Puts the rows from `from` to `to` into the page: those in view at once, the others as time allows.
   * @param {number} from
   * @param {number} to
   * @param {{ from: number, to: number }} seen
   */
  #place(from, to, seen) {
    const wanted = new Map(this.rows.slice(from, to + 1).map((row) => [row.key, row]));
    for (const [key, { node, shape }] of this.drawn) {
      const row = wanted.get(key);
      if (row && row.shape === shape) continue;
      // What has the focus stays until something else has it, unless it is drawn anew.
      this.watch.unobserve(node);
      node.remove();
      this.drawn.delete(key);
    }
    const began = performance.now();
    let whole = true;
    /** @type {Element} */
    let last = this.above;
    for (let at = from; at <= to; at++) {
      const row = this.rows[at];
      const there = this.drawn.get(row.key)?.node;
      const waits = !there && (at < seen.from || at > seen.to) && performance.now() - began > BUDGET;
      if (waits) whole = false;
      const node = there ?? (waits ? blank(this.heights.get(row.key) ?? this.estimate(row)) : this.#draw(row));
      if (waits) this.drawn.set(row.key, { node, shape: "waits" });
      if (last.nextElementSibling !== node) last.after(node);
      last = node;
    }
    return whole;
  }

  /** @param {Row} row */
  #draw(row) {
    const node = this.draw(row);
    node.dataset.key = row.key;
    this.drawn.set(row.key, { node, shape: row.shape });
    this.watch.observe(node);
    return node;
  }

  #measure() {
    for (const [key, { node, shape }] of this.drawn) {
      if (shape !== "waits") this.heights.set(key, node.getBoundingClientRect().height);
    }
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  #push(from, to) {
    this.above.style.height = `${this.tops[from]}px`;
    this.below.style.height = `${Math.max(0, this.tops[this.rows.length] - this.tops[to + 1])}px`;
  }

  /**
   * @param {{ key: string, offset: number } | null} anchor
   * @param {number} index
   */
  #hold(anchor, index) {
    const { scroller } = this;
    const wanted = anchor && index >= 0 ? this.tops[index] - anchor.offset : this.sticks ? scroller.scrollHeight - scroller.clientHeight : null;
    if (wanted !== null && Math.abs(scroller.scrollTop - wanted) >= 1) scroller.scrollTop = wanted;
    this.held = scroller.scrollTop;
  }

  /** @param {ResizeObserverEntry[]} entries */
  #resized(entries) {
    const grew = entries.some(({ target, contentRect }) => {
      const known = this.heights.get(/** @type {HTMLElement} */ (target).dataset.key ?? "");
      return known !== undefined && Math.abs(known - contentRect.height) > 0.5;
    });
    if (grew) this.#render(this.#anchor());
  }

  /** The window has another size: with another width no height is known any more. */
  #reshaped() {
    const anchor = this.#anchor();
    if (this.width !== this.scroller.clientWidth) {
      this.width = this.scroller.clientWidth;
      this.heights.clear();
      this.#measure();
      this.#layOut();
    }
    this.#render(anchor);
  }

  #clear() {
    for (const { node } of this.drawn.values()) node.remove();
    this.drawn.clear();
    this.above.style.height = this.below.style.height = "0px";
  }
}

function pusher() {
  const node = document.createElement("div");
  node.className = "pusher";
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** @param {number} height */
function blank(height) {
  const node = document.createElement("div");
  node.style.height = `${height}px`;
  return node;
}
