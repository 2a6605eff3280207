// Where unsent changes survive a closed tab. Each tab has its own drawer; a drawer whose tab is gone is taken over by the
// next one. A lock that lives as long as its tab tells which is which.

const tab = crypto.randomUUID?.() ?? String(Math.random());

export class Drawer {
  /** @param {string} name */
  constructor(name) {
    this.prefix = `unsent:${name}:`;
    this.key = this.prefix + tab;
    this.#hold();
  }

  #hold() {
    navigator.locks?.request(this.key, () => new Promise(() => {}));
  }

  /** @param {unknown} content */
  save(content) {
    try {
      if (content) localStorage.setItem(this.key, JSON.stringify(content));
      else localStorage.removeItem(this.key);
    } catch {
      // full or forbidden: the changes live as long as this page then
    }
  }

  /** What tabs that are gone have left. */
  async takeOver() {
    /** @type {any[]} */
    const found = [];
    for (const key of this.#others()) {
      await navigator.locks?.request(key, { ifAvailable: true }, (lock) => {
        if (!lock) return;
        found.push(this.#read(key));
        localStorage.removeItem(key);
      });
    }
    return found.filter(Boolean);
  }

  #others() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix) && key !== this.key);
    } catch {
      return [];
    }
  }

  /** @param {string} key */
  #read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }
}
