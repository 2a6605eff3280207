// Suggestions for an option's value: choices, true/false, people, channels, roles, or what the bot proposes.

import { ApiError } from "./api.js";
import { entityLabel, optionType, userFace } from "./directory.js";
import { checkEntries } from "./values.js";

const most = 25;
const pause = 180;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const booleans = [{ name: "True", value: true }, { name: "False", value: false }];

function choicesOf(option) {
  return option.type === optionType.boolean ? booleans : option.choices || [];
}

const entityTypes = new Set([optionType.user, optionType.channel, optionType.role, optionType.mentionable]);

function localValues(option, text, directory) {
  if (entityTypes.has(option.type)) {
    return directory.search(option, text).map((entity) => ({
      name: entityLabel(entity),
      value: entity.id,
      face: entity.user ? userFace(entity.user, "face face-small") : null,
    }));
  }
  const wanted = text.trim().toLowerCase();
  return choicesOf(option).filter(({ name }) => name.toLowerCase().includes(wanted));
}

const isLocal = (option) => entityTypes.has(option.type) || choicesOf(option).length > 0;

export class Completer {
  constructor(interactions, store) {
    this.interactions = interactions;
    this.store = store;
    this.abort = new AbortController();
  }

  /** Ends what is under way; a later answer to an earlier text must never be shown. */
  cancel() {
    this.abort.abort();
    this.abort = new AbortController();
    return this.abort.signal;
  }

  /** {values: [{name, value, face?}], note} or null when a newer call has taken over. */
  async values(leaf, entries, option, text, { onWait = () => {} } = {}) {
    const signal = this.cancel();
    if (isLocal(option)) return { values: localValues(option, text, this.store.directory).slice(0, most), note: "" };
    if (!option.autocomplete) return { values: [], note: "" };
    onWait();
    await sleep(pause);
    return signal.aborted ? null : this.ask(leaf, entries, option, text, signal);
  }

  async ask(leaf, entries, option, text, signal) {
    const others = new Map([...entries].filter(([name]) => name !== option.name));
    const { options } = checkEntries(leaf, others, this.store.directory);
    const sent = [...options, { name: option.name, type: option.type, value: text }];
    try {
      const { choices } = await this.interactions.suggest(leaf, sent, option.name, signal);
      return signal.aborted ? null : { values: choices.slice(0, most), note: choices.length ? "" : "No suggestions." };
    } catch (error) {
      if (error.name === "AbortError" || signal.aborted) return null;
      if (!(error instanceof ApiError)) throw error;
      return { values: [], note: `Suggestions failed: ${error.message}` };
    }
  }
}
