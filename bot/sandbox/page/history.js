// The commands a person sent lately, kept in the browser, for the arrow keys. An item: {line, picks}.

const kept = 30;

const keyFor = (as) => `sandbox-history-${as}`;

function read(as) {
  try {
    const items = JSON.parse(localStorage.getItem(keyFor(as)) || "[]");
    return Array.isArray(items) ? items : [];
  } catch {
    return [];
  }
}

export class History {
  constructor(as) {
    this.as = as;
    this.items = read(as);
    this.at = this.items.length;
  }

  add(item) {
    this.items = [...this.items.filter((other) => other.line !== item.line), item].slice(-kept);
    this.at = this.items.length;
    localStorage.setItem(keyFor(this.as), JSON.stringify(this.items));
  }

  /** step -1: the one before; +1: the one after. Null at either end. */
  move(step) {
    const at = this.at + step;
    if (at < 0) return null;
    this.at = Math.min(at, this.items.length);
    return this.items[this.at] || { line: "", picks: {} };
  }
}
