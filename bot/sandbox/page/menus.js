// Menus on people and messages: the bot's context commands, and a few things of our own.

import { ApiError, deleteMessage } from "./api.js";
import { shownName } from "./localised.js";
import { boxAt, openMenu } from "./popover.js";

const kinds = { user: 2, message: 3 };

export class Menus {
  /** writing: {answer(message), edit(message)}, what the composer does. */
  constructor(store, interactions, writing) {
    Object.assign(this, { store, interactions, writing });
  }

  commands(kind, target) {
    const fitting = this.store.commands.filter((command) => command.type === kinds[kind]);
    const items = fitting.map((command) => ({ label: shownName(command), run: () => this.run(command, target) }));
    return items.length ? [{ heading: "Apps" }, ...items] : [];
  }

  async run(command, target) {
    try {
      await this.interactions.contextCommand(command, target);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.store.tell("trouble", { text: error.message });
    }
  }

  show(event, items, label) {
    event.preventDefault();
    event.stopPropagation();
    const pointed = event.type === "contextmenu" && (event.clientX || event.clientY);
    openMenu(pointed ? boxAt(event) : event.currentTarget.getBoundingClientRect(), items, label);
  }

  user(event, user) {
    const own = [{ label: `Copy id of ${user.username}`, run: () => this.copy(user.id) }];
    this.show(event, [...this.commands("user", user.id), { heading: "Sandbox" }, ...own], `About ${user.username}`);
  }

  message(event, message) {
    const own = [{ label: "Copy message id", run: () => this.copy(message.id) }];
    if (message.content) own.unshift({ label: "Copy text", run: () => this.copy(message.content) });
    own.unshift(...this.writingItems(message));
    const about = this.commands("user", message.author.id).map((item) => (item.heading ? { heading: "Apps, about the author" } : item));
    this.show(event, [...this.commands("message", message.id), ...about, { heading: "Sandbox" }, ...own], "About this message");
  }

  /** The sandbox refuses what this person may not do; a client does not even offer it for others' messages. */
  writingItems(message) {
    const items = [{ label: "Answer", run: () => this.writing.answer(message) }];
    const mine = message.author.id === this.store.me.id;
    if (mine) items.push({ label: "Edit message", run: () => this.writing.edit(message) });
    if (mine || this.store.mayDelete) items.push({ label: "Delete message", run: () => this.store.guarded(deleteMessage(this.store.as, message.id)) });
    return items;
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.store.tell("trouble", { text: "Copied.", calm: true });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.store.tell("trouble", { text: "The browser does not allow copying here." });
    }
  }
}
