// What the next message is about: the one it answers or changes, and the files that go with it.

import * as api from "./api.js";
import { byId, el, iconButton } from "./dom.js";
import { encodedFile } from "./files.js";

export class WritingAbout {
  constructor(store, composer) {
    Object.assign(this, { store, composer });
    this.node = byId("composer-about");
    this.chooser = byId("composer-files");
    this.target = null;
    this.editing = false;
    this.files = [];
    byId("composer-attach").addEventListener("click", () => this.chooser.click());
    this.chooser.addEventListener("change", () => this.attach());
  }

  get active() {
    return Boolean(this.target || this.files.length);
  }

  answer(message) {
    this.start(message, false);
    this.composer.text.focus();
  }

  edit(message) {
    this.start(message, true);
    this.composer.setText(message.content);
  }

  start(message, editing) {
    this.clear();
    Object.assign(this, { target: message, editing });
    this.draw();
  }

  attach() {
    this.files.push(...this.chooser.files);
    this.chooser.value = "";
    this.draw();
    this.composer.text.focus();
  }

  clear() {
    if (this.editing) this.composer.setText("");
    Object.assign(this, { target: null, editing: false, files: [] });
    this.draw();
  }

  draw() {
    const name = this.target && this.store.directory.name(this.target.author.id, this.target.author);
    const words = this.editing ? "Editing a message" : name && `Answering ${name}`;
    const names = this.files.map((file) => el("span", { class: "composer-file" }, file.name));
    this.node.hidden = !this.active;
    this.node.replaceChildren(
      ...[words && el("span", {}, words), ...names, this.active && iconButton("close", "Put this away", () => this.clear())].filter(Boolean),
    );
  }

  async send(content) {
    const { as, channelId } = this.store;
    if (this.editing) await api.editMessage(as, this.target.id, content);
    else await api.say(as, channelId, content, { reply: this.target?.id, attachments: await Promise.all(this.files.map(encodedFile)) });
    this.editing = false;
    this.clear();
  }
}
