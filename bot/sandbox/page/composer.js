// Where a person writes: plain text, a command typed as a line, or a chosen command as a form.

import * as api from "./api.js";
import { CommandForm, describe } from "./commandform.js";
import { completionPoint, flatten, matching, parseLine, writeLine } from "./commandline.js";
import { Completer } from "./completer.js";
import { byId } from "./dom.js";
import { History } from "./history.js";
import { shownName } from "./localised.js";
import { Suggestions } from "./suggestions.js";
import { checkEntries } from "./values.js";
import { WritingAbout } from "./writing.js";

const longestMessage = 2000;

const problemText = (fields) => new Map(Object.entries(fields).map(([name, said]) => [name, [said].flat().join(" ")]));

export class Composer {
  constructor(store, interactions, drawer) {
    Object.assign(this, { store, interactions, drawer });
    this.text = byId("composer-text");
    this.slot = byId("composer-form");
    this.problem = byId("composer-problem");
    this.suggestions = new Suggestions(byId("composer-suggestions"), "Suggestions");
    this.completer = new Completer(interactions, store);
    this.about = new WritingAbout(store, this);
    this.history = new History(store.as);
    this.picks = {};
    this.leaves = [];
    this.form = null;
    this.wire();
  }

  wire() {
    this.suggestions.attach(this.text);
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    byId("composer-send").addEventListener("click", () => this.sendAny());
    byId("composer-cancel").addEventListener("click", () => this.cancel());
    byId("composer").addEventListener("focusout", (event) => this.leftComposer(event));
    document.addEventListener("command", ({ detail }) => this.chooseMentioned(detail));
    this.store.on("commands", () => this.commandsChanged());
    this.store.on("place", () => this.placeChanged());
  }

  commandsChanged() {
    this.leaves = flatten(this.store.commands);
    if (document.activeElement === this.text) this.suggest();
  }

  placeChanged() {
    if (this.form) this.cancel();
    this.about.clear();
    this.leaves = [];
    const channel = this.store.channel;
    this.text.placeholder = channel ? `Write to ${channel.type === 1 ? channel.name : `#${channel.name}`}, or type /` : "";
    this.text.disabled = !channel;
  }

  leftComposer({ relatedTarget }) {
    if (!relatedTarget || !byId("composer").contains(relatedTarget)) this.suggestions.hide();
  }

  typed() {
    if (!this.text.value) this.picks = {};
    this.say("");
    this.grow();
    this.suggest();
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 180)}px`;
  }

  say(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  setText(text, picks = {}) {
    this.text.value = text;
    this.picks = picks;
    this.say("");
    this.grow();
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
  }

  // --- completion of a typed line

  async suggest() {
    this.suggestions.attach(this.text);
    const line = this.text.value;
    const point = completionPoint(line, this.leaves);
    if (!point || this.text.selectionEnd !== line.length) {
      this.completer.cancel();
      this.suggestions.hide();
    } else if (point.stage === "command") this.suggestCommands(point);
    else if (point.stage === "option") this.suggestOptions(point, line);
    else await this.suggestValues(point, line);
  }

  suggestCommands({ text }) {
    const items = matching(this.leaves, text).map((leaf) => this.commandItem(leaf, text));
    const note = this.leaves.length ? "No command is called that." : "No commands are registered here. Is the bot online?";
    this.suggestions.show(items, { note: items.length ? "" : note });
  }

  /** A command that stands there in full and needs nothing more runs with Enter; Tab still shows its options. */
  commandItem(leaf, text) {
    const item = { label: leaf.full, detail: leaf.description, pick: () => this.choose(leaf) };
    if (![leaf.full, leaf.own].includes(text.toLowerCase()) || leaf.options.some((option) => option.required)) return item;
    const badge = leaf.options.length ? "Enter runs it, Tab adds options" : "Enter runs it";
    return { ...item, badge, enter: () => this.sendLine(text) };
  }

  suggestOptions({ options, start, leaf }, line) {
    const items = options.map((option) => ({
      label: `${shownName(option)}:`,
      detail: option.description,
      badge: option.required ? "required" : "",
      pick: () => this.replaceFrom(start, `${shownName(option)}:`),
    }));
    this.suggestions.show(items, { choose: start < line.length, tab: true, note: items.length ? "" : leaf.description });
  }

  async suggestValues({ leaf, option, text, start, entries }, line) {
    const wait = () => this.suggestions.show([], { note: describe(option) });
    const answer = await this.completer.values(leaf, entries, option, text, { onWait: wait });
    if (!answer || this.text.value !== line) return;
    const items = answer.values.map((choice) => ({
      label: choice.name,
      face: choice.face,
      pick: () => this.pickValue(option, choice, start),
    }));
    this.suggestions.show(items, { note: items.length ? "" : describe(option), choose: false, tab: true });
  }

  pickValue(option, choice, start) {
    this.picks[option.name] = { name: choice.name, value: choice.value };
    const written = /^[\p{L}\p{N}@#_-]+$/u.test(choice.name) ? choice.name : `"${choice.name.replace(/["\\]/g, "\\$&")}"`;
    this.replaceFrom(start, `${written} `);
  }

  replaceFrom(start, text) {
    this.setText(this.text.value.slice(0, start) + text, this.picks);
    this.suggest();
  }

  // --- keys in the text

  key(event) {
    if (event.isComposing) return;
    if (this.suggestions.key(event)) event.preventDefault();
    else if (event.key === "Escape" && this.about.active) this.about.clear();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.sendText();
    } else if (event.key === "Escape") this.setText("");
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.recall(event);
  }

  recall(event) {
    const fresh = !this.text.value || this.text.value === this.history.items[this.history.at]?.line;
    const item = fresh && this.history.move(event.key === "ArrowUp" ? -1 : 1);
    if (!item) return;
    event.preventDefault();
    this.setText(item.line, item.picks);
  }

  retype(record) {
    if (this.form) this.cancel();
    this.setText(record.line, record.picks);
  }

  /** As Discord does, by its own name alone: a mention of what is no command here does nothing. */
  chooseMentioned({ name, id }) {
    const leaf = this.leaves.find(({ command, own }) => command.id === id && own === `/${name}`);
    if (!leaf) return;
    if (this.form) this.cancel();
    this.choose(leaf);
  }

  // --- the form of a chosen command

  choose(leaf, entries = new Map()) {
    this.suggestions.hide();
    this.form = new CommandForm(leaf, entries, {
      suggestions: this.suggestions,
      completer: this.completer,
      directory: () => this.store.directory,
      send: () => this.sendForm(),
      cancel: () => this.cancel(),
    });
    this.slot.replaceChildren(this.form.node);
    this.showForm(true);
    this.form.focus();
  }

  showForm(shown) {
    byId("composer").classList.toggle("with-form", shown);
    this.slot.hidden = !shown;
    this.text.hidden = shown;
    byId("composer-cancel").hidden = !shown;
  }

  cancel() {
    this.completer.cancel();
    this.form = null;
    this.slot.replaceChildren();
    this.showForm(false);
    this.suggestions.hide();
    this.setText("");
  }

  // --- sending

  sendAny() {
    return this.form ? this.sendForm() : this.sendText();
  }

  sendText() {
    const line = this.text.value.trim();
    if (!line && !this.about.files.length) return;
    if (line.startsWith("/")) this.sendLine(line);
    else this.store.guarded(this.sendMessage(line));
  }

  async sendMessage(content) {
    if (content.length > longestMessage) return this.say(`A message has at most ${longestMessage} characters; this has ${content.length}.`);
    await this.about.send(content);
    if (this.text.value.trim() === content) this.setText("");
    return this.drawer.toBottom();
  }

  sendLine(line) {
    const { leaf, entries, problems } = parseLine(line, this.leaves);
    if (!leaf) return this.say(`There is no command “${line.split(/\s/)[0]}” here.`);
    for (const [name, entry] of entries) if (this.picks[name]?.name === entry.text) entry.picked = this.picks[name];
    const checked = checkEntries(leaf, entries, this.store.directory);
    if (!problems.length && !checked.errors.size) return this.run(leaf, entries, checked);
    this.choose(leaf, entries);
    return this.form.showErrors(checked.errors, problems.join(" "));
  }

  sendForm() {
    const { leaf, entries, adder } = this.form;
    if (adder.value.trim()) return this.form.showErrors(new Map(), `No option is called “${adder.value.trim()}”.`);
    const checked = checkEntries(leaf, entries, this.store.directory);
    if (checked.errors.size) return this.form.showErrors(checked.errors);
    return this.run(leaf, entries, checked);
  }

  async run(leaf, entries, checked) {
    const picks = Object.fromEntries([...entries].filter(([, entry]) => entry.picked).map(([name, entry]) => [name, entry.picked]));
    const record = { line: writeLine(leaf, entries), picks };
    this.suggestions.hide();
    try {
      const sent = this.interactions.command(leaf, checked, record);
      this.history.add(record);
      this.lock(true);
      await sent;
      this.cancel();
      this.drawer.toBottom();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.refused(leaf, entries, error);
    } finally {
      this.lock(false);
    }
  }

  /** The sandbox said what a real client would say: show it where it belongs. */
  refused(leaf, entries, error) {
    if (this.form?.leaf !== leaf) this.choose(leaf, entries);
    const fields = problemText(error.fields);
    this.form.showErrors(fields, fields.size ? "" : error.message);
  }

  lock(locked) {
    byId("composer-send").disabled = locked;
    this.slot.inert = locked;
    this.text.readOnly = locked;
  }
}
