// The elements by name. Called once a page knows how to make its characters: elements come to life at once.

import { setText } from "../dom.js";
import { mini } from "../words.js";
import { TraitElement, useLoader } from "./base.js";
import { TraitDamage20th, TraitDamage5th } from "./damage.js";
import { TraitDots, TraitHumanity } from "./dots.js";
import { TraitEntries } from "./entries.js";
import { TraitExperience, TraitSkill } from "./lists.js";
import { TraitPool, TraitRollover, TraitWheel } from "./pools.js";
import { TraitPowers } from "./powers.js";
import { TraitChoice, TraitFlag, TraitNumber, TraitText } from "./scalar.js";

/** The shortest form of a trait, in the bar on phones. */
class TraitMini extends TraitElement {
  prepare() {
    this.classList.toggle("words", this.spec.fields[0]?.type !== "integer");
    this.draw(this.value);
  }

  /** @param {any} value */
  draw(value) {
    setText(this, mini(this.spec, value));
  }

  allow() {}
}

const ELEMENTS = {
  "trait-dots": TraitDots,
  "trait-number": TraitNumber,
  "trait-damage5th": TraitDamage5th,
  "trait-damage20th": TraitDamage20th,
  "trait-humanity": TraitHumanity,
  "trait-pool": TraitPool,
  "trait-rollover": TraitRollover,
  "trait-wheel": TraitWheel,
  "trait-choice": TraitChoice,
  "trait-flag": TraitFlag,
  "trait-text": TraitText,
  "trait-skill": TraitSkill,
  "trait-entries": TraitEntries,
  "trait-powers": TraitPowers,
  "trait-experience": TraitExperience,
  "trait-mini": TraitMini,
};

/** @param {Parameters<typeof useLoader>[0]} [load] */
export function bringToLife(load) {
  useLoader(load);
  for (const [name, element] of Object.entries(ELEMENTS)) customElements.define(name, element);
}
