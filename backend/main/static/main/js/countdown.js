// The time left of an exam. Only the server’s clock counts: this counts down between what it says, by a clock that
// nobody can set.

export class Countdown {
  /** @param {() => number} [now] milliseconds that never jump */
  constructor(now = () => performance.now()) {
    this.now = now;
    this.end = now();
  }

  /** @param {number} seconds what the server says */
  set(seconds) {
    this.end = this.now() + seconds * 1000;
  }

  get left() {
    return Math.max(0, Math.ceil((this.end - this.now()) / 1000));
  }
}

/** @param {number} seconds 754 → 12:34 */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
