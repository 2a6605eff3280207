// Work that news asks for: at once, and then as often as a pause lets it. What arrives meanwhile is done in one go.

export class Pace {
  #work;
  #pause;
  #began = -Infinity;
  #isRunning = false;
  #isAskedAgain = false;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {() => Promise<number | undefined>} work Resolves to the milliseconds after which to try again, if it failed.
   * @param {number} pause At least so many milliseconds between two beginnings.
   */
  constructor(work, pause) {
    this.#work = work;
    this.#pause = pause;
  }

  /** Something is new: run as soon as may be, in place of what was waited for. */
  ask() {
    if (this.#isRunning) this.#isAskedAgain = true;
    else this.#runAfter(Math.max(0, this.#began + this.#pause - Date.now()));
  }

  /** @param {number} wait */
  #runAfter(wait) {
    clearTimeout(this.#timer);
    if (wait) this.#timer = setTimeout(() => this.#run(), wait);
    else this.#run();
  }

  async #run() {
    this.#isRunning = true;
    this.#isAskedAgain = false;
    this.#began = Date.now();
    /** @type {number | undefined} */
    let again;
    try {
      again = await this.#work();
    } finally {
      this.#isRunning = false;
      if (this.#isAskedAgain) this.ask();
      else if (again) this.#runAfter(again);
    }
  }
}
