// Who may see each trait: a dialog with one choice a trait, each saved as it is chosen.

import { h } from "./dom.js";
import { Refused, call, characterUrl } from "./api.js";
import { inform } from "./dialogs.js";
import { live } from "./live.js";
import { _ } from "./translation.js";

// These go with the name, which the whole table sees.
const ALWAYS_SHOWN = "identity";

/**
 * @param {Character} character
 * @param {Toast} toast
 */
export function askVisibility(character, toast) {
  const storyteller = character.rights.level === "secret";
  const levels = live.levels.filter(([level]) => storyteller || level !== "secret");
  const groups = grouped(traits(character, storyteller));
  const parts = [...groups].map(([slug, found]) =>
    h(
      "details",
      { class: "levels" },
      h("summary", {}, character.groups.get(slug) ?? slug),
      ...found.map((spec) => row(character, spec, levels, toast)),
    ),
  );
  return inform(_("Visibility"), [h("p", {}, _("Each choice is saved at once, and open sheets follow.")), ...parts]);
}

/**
 * @param {Character} character
 * @param {Trait} spec
 */
const levelOf = (character, spec) => character.visibility[spec.slug] ?? spec.visibility;

/**
 * @param {Character} character
 * @param {boolean} storyteller
 */
function traits(character, storyteller) {
  const all = [...character.specs.values()].filter((spec) => spec.group !== ALWAYS_SHOWN);
  return all.filter((spec) => storyteller || levelOf(character, spec) !== "secret");
}

/** @param {Trait[]} specs */
function grouped(specs) {
  /** @type {Map<string, Trait[]>} */
  const groups = new Map();
  for (const spec of specs) groups.set(spec.group, [...(groups.get(spec.group) ?? []), spec]);
  return groups;
}

/**
 * @param {Character} character
 * @param {Trait} spec
 * @param {[string, string][]} levels
 * @param {Toast} toast
 */
function row(character, spec, levels, toast) {
  const select = h(
    "select",
    { "data-level": spec.slug, onchange: () => save(character, spec, select, toast) },
    ...levels.map(([value, text]) => h("option", { value, selected: value === levelOf(character, spec) }, text)),
  );
  return h("label", { class: "level" }, h("span", {}, spec.label), select);
}

/**
 * @param {Character} character
 * @param {Trait} spec
 * @param {HTMLSelectElement} select
 * @param {Toast} toast
 */
async function save(character, spec, select, toast) {
  const before = levelOf(character, spec);
  try {
    const body = { trait: spec.slug, level: select.value };
    const answer = await call("PUT", characterUrl(character.id, "visibility/"), { ...body, player: character.changes?.actingFor ?? undefined });
    character.replace(answer.character);
  } catch (error) {
    select.value = before;
    const text = error instanceof Refused ? error.message : _("The server can’t be reached just now. Nothing was changed.");
    toast(text, { bad: true });
  }
}
