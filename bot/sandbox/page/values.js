// What a person typed for an option → the value that is sent, or a sentence about what is wrong. No DOM here.

import { optionType } from "./directory.js";

/** entry: {text, picked?: {name, value}, file?} → {value} or {error} */
export function readValue(option, entry, directory) {
  if (option.type === optionType.attachment) return readFile(option, entry);
  const text = entry.text.trim();
  if (!text) return { error: "Please fill this in." };
  if (entry.picked && entry.picked.name === entry.text) return { value: entry.picked.value };
  if (option.choices?.length) return readChoice(option, text);
  return (readers[option.type] || readEntity)(option, text, directory);
}

const readers = {
  [optionType.string]: readString,
  [optionType.integer]: readInteger,
  [optionType.number]: readNumber,
  [optionType.boolean]: readBoolean,
};

function readChoice(option, text) {
  const wanted = text.toLowerCase();
  const choice = option.choices.find(({ name, value }) => name.toLowerCase() === wanted || String(value).toLowerCase() === wanted);
  return choice ? { value: choice.value } : { error: `“${text}” is not one of the choices.` };
}

function readString(option, text) {
  if (option.min_length && text.length < option.min_length) return { error: `At least ${option.min_length} characters, please.` };
  if (option.max_length && text.length > option.max_length) {
    return { error: `At most ${option.max_length} characters; this has ${text.length}.` };
  }
  return { value: text };
}

const wholeNumber = /^[+-]?\d{1,15}$/;
const anyNumber = /^[+-]?(\d{1,15}(\.\d*)?|\.\d+)$/;

function readInteger(option, text) {
  return wholeNumber.test(text) ? within(option, Number(text)) : { error: `${capital(rangeText(option))}, please.` };
}

function readNumber(option, text) {
  return anyNumber.test(text) ? within(option, Number(text)) : { error: `${capital(rangeText(option))}, please.` };
}

function within(option, number) {
  const low = option.min_value ?? -Infinity;
  const high = option.max_value ?? Infinity;
  return number < low || number > high ? { error: `${capital(rangeText(option))}, please.` } : { value: number };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** "a whole number from 0 to 5" */
export function rangeText({ type, min_value: low, max_value: high }) {
  const what = type === optionType.integer ? "a whole number" : "a number";
  if (low !== undefined && high !== undefined) return `${what} from ${low} to ${high}`;
  if (low !== undefined) return `${what}, ${low} or more`;
  return high === undefined ? what : `${what}, ${high} or less`;
}

function readBoolean(option, text) {
  if (/^(true|yes|y|on|1)$/i.test(text)) return { value: true };
  if (/^(false|no|n|off|0)$/i.test(text)) return { value: false };
  return { error: "True or false, please." };
}

const entityWords = { 6: "person", 7: "channel", 8: "role", 9: "person or role" };

function readEntity(option, text, directory) {
  const entity = directory.find(option, text);
  return entity ? { value: entity.id } : { error: `There is no ${entityWords[option.type] || "such thing"} called “${text}” here.` };
}

function readFile(option, { file }) {
  return file ? { file } : { error: "Please choose a file." };
}

const isEmpty = (entry) => !entry || (!entry.file && !entry.text.trim());

/**
 * Checks everything that was typed for a command. entries: Map of option name → entry.
 * Returns {options: [{name, type, value}], files: {name: File}, errors: Map of name → sentence}.
 */
export function checkEntries(leaf, entries, directory) {
  const result = { options: [], files: {}, errors: new Map() };
  for (const option of leaf.options) {
    const entry = entries.get(option.name);
    if (!isEmpty(entry)) checkOne(option, entry, directory, result);
    else if (option.required) result.errors.set(option.name, "This is required.");
  }
  return result;
}

function checkOne(option, entry, directory, result) {
  const { value, file, error } = readValue(option, entry, directory);
  if (error) result.errors.set(option.name, error);
  else {
    if (file) result.files[option.name] = file;
    else result.options.push({ name: option.name, type: option.type, value });
  }
}
