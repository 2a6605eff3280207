// A new person in this world: made by name, put into the server that is open.

import * as api from "./api.js";
import { el, iconButton } from "./dom.js";

function field(label, input) {
  return el("div", { class: "modal-field" }, el("label", { class: "modal-label" }, label, input));
}

const username = (name) => name.toLowerCase().replace(/[^a-z0-9._]+/g, "_").slice(0, 32);

function roleBoxes(guild) {
  const roles = (guild?.roles || []).filter((role) => role.id !== guild.id && !role.managed);
  const boxes = roles.map((role) => ({ role, box: el("input", { type: "checkbox" }) }));
  return { boxes, nodes: boxes.map(({ role, box }) => el("label", { class: "check" }, box, role.name)) };
}

/** done(username) runs once the person exists. */
export function openNewPerson(guild, done) {
  const name = el("input", { class: "modal-input", maxlength: 32, required: true, autocomplete: "off" });
  const { boxes, nodes } = roleBoxes(guild);
  const problem = el("p", { class: "form-problem", role: "alert", hidden: true });
  const dialog = el("dialog", { class: "modal", "aria-label": "New person" });
  const close = () => dialog.close();
  const create = async () => {
    const wanted = name.value.trim();
    const user = await api.addUser({ name: username(wanted), global_name: wanted });
    const roles = boxes.filter(({ box }) => box.checked).map(({ role }) => role.id);
    if (guild) await api.setMember(guild.id, user.id, { roles });
    close();
    done(user.username);
  };
  const submit = async (event) => {
    event.preventDefault();
    try {
      await create();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };
  const where = guild ? `They join ${guild.name}.` : "They join no server yet.";
  const head = el("header", { class: "modal-head" }, el("h2", {}, "New person"), iconButton("close", "Close", close));
  const roles = nodes.length ? el("fieldset", { class: "checks" }, el("legend", {}, "Roles"), nodes) : null;
  const body = el("div", { class: "modal-body" }, field("Name", name), roles, el("p", { class: "faint" }, where), problem);
  const cancel = el("button", { type: "button", class: "button secondary", onclick: close }, "Cancel");
  const foot = el("footer", { class: "modal-foot" }, cancel, el("button", { type: "submit", class: "button primary" }, "Create"));
  dialog.append(el("form", { onsubmit: submit }, head, body, foot));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
