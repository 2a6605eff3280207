// What the scripts say of values: cases and the words of a language on standard input, sentences on standard output.

import "./window.js";
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const { cases, catalogue } = JSON.parse(readFileSync(0, "utf8"));
runInThisContext(catalogue);
const words = await import("../../static/main/js/words.js");
const adventurer = await import("../../static/main/js/adventurer-words.js");

const SAID = {
  "trait-dots": (value, { fields }) => words.dots(value, fields[0].max),
  "trait-humanity": (value) => words.humanity(value),
  "trait-damage5th": (value) => words.damage(value),
  "trait-damage20th": (value, { levels, fields }) => words.damage20(value, levels, fields.slice(1).map(({ path }) => path.split(".")[1])),
  "trait-pool": (value) => words.pool(value),
  "trait-hp": (value) => adventurer.hitPoints(value),
  "trait-ability": (value) => adventurer.ability(value),
  "trait-rollover": (value, { fields }) => words.rollover(fields, value),
  "trait-wheel": (value, { fields }) => words.wheel(value, fields[0].max),
  "trait-experience": (value) => words.experience(value),
  "trait-choice": (value, { fields }) => words.choice(fields[0], value),
};

const said = cases.map(({ spec, value }) => [SAID[spec.element](value, spec), words.mini(spec, value)]);
console.log(JSON.stringify(said));
