// Modals of the bot: a dialog with its inputs. The browser's own dialog holds the focus inside.

import { ApiError } from "./api.js";
import { byId, el, iconButton, uniqueId } from "./dom.js";
import { markdown } from "./markdown.js";
import { isField, ModalField } from "./modalfields.js";

const type = { row: 1, text: 10, label: 18 };

class ModalDialog {
  constructor(interaction, modal, { interactions, store }) {
    Object.assign(this, { interaction, modal, interactions });
    this.fields = [];
    this.problem = el("p", { class: "form-problem", role: "alert", hidden: true });
    this.submit = el("button", { type: "submit", class: "button primary" }, "Submit");
    this.dialog = el("dialog", { class: "modal", "aria-labelledby": uniqueId("modal-title") });
    this.context = { directory: store.directory, home: this.dialog };
    this.dialog.append(this.frame(modal.components.map((component) => this.part(component))));
    this.dialog.addEventListener("close", () => this.closed());
  }

  frame(parts) {
    const close = () => this.dialog.close();
    const title = el("h2", { id: this.dialog.getAttribute("aria-labelledby") }, this.modal.title);
    const head = el("header", { class: "modal-head" }, title, iconButton("close", "Close", close));
    const cancel = el("button", { type: "button", class: "button secondary", onclick: close }, "Cancel");
    const foot = el("footer", { class: "modal-foot" }, cancel, this.submit);
    const form = el("form", { novalidate: true }, head, el("div", { class: "modal-body" }, parts, this.problem), foot);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    return form;
  }

  part(component) {
    if (component.type === type.row) return component.components.map((child) => this.field(child, child.label));
    if (component.type === type.label) return this.field(component.component, component.label, component.description);
    if (component.type === type.text) return el("div", { class: "component-text" }, markdown(component.content, this.context.directory));
    return this.strange(component);
  }

  strange(component) {
    return el("p", { class: "broken" }, `A part of type ${component.type} cannot be shown here.`);
  }

  field(component, label, description) {
    if (!isField(component)) return this.strange(component);
    const field = new ModalField(component, label || component.placeholder || "", description, this.context);
    this.fields.push(field);
    return field.node;
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.fields[0]?.control.focus.focus();
  }

  /** What was pressed to open it may have been drawn anew meanwhile; then the focus goes to the composer. */
  closed() {
    this.dialog.remove();
    if (document.activeElement === document.body) byId("composer-text").focus();
  }

  say(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  async send() {
    const wrong = this.fields.filter((field) => !field.check());
    this.say("");
    if (wrong.length) return wrong[0].control.focus.focus();
    this.submit.disabled = true;
    try {
      return await this.deliver();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.refused(error);
    } finally {
      this.submit.disabled = false;
    }
  }

  /** The dialog stays, with what was typed, until the bot has taken it. */
  async deliver() {
    const pairs = await Promise.all(this.fields.map(async (field) => [field.name, await field.value()]));
    const id = await this.interactions.modal(this.interaction, Object.fromEntries(pairs), this.modal.title);
    const state = await this.interactions.settled(id);
    if (state !== "failed") return this.dialog.close();
    this.say(this.interactions.known.get(id).reason || "The application did not respond. Your text is still here.");
    return this.interactions.forget(id);
  }

  refused(error) {
    const fields = Object.entries(error.fields);
    fields.forEach(([name, said]) => this.fields.find((field) => field.name === name)?.setError([said].flat().join(" ")));
    this.say(fields.length ? "" : error.message);
    this.fields.find((field) => !field.error.hidden)?.control.focus.focus();
  }
}

export function openModal(interaction, modal, context) {
  new ModalDialog(interaction, modal, context).open();
}
