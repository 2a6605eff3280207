// Starts the page: who am I, where am I, and the parts wired to each other.

import { ApiError, world } from "./api.js";
import { Composer } from "./composer.js";
import { byId, el } from "./dom.js";
import { Interactions } from "./interactions.js";
import { Menus } from "./menus.js";
import { MessageList } from "./messagelist.js";
import { openModal } from "./modal.js";
import { openNewPerson } from "./person.js";
import { startScheme } from "./scheme.js";
import { Shell } from "./shell.js";
import { Store } from "./store.js";
import { keepTimesFresh } from "./times.js";

const saved = (key) => localStorage.getItem(`sandbox-${key}`);
const address = () => new URL(location.href);

const firstPerson = "mira"; // every world has her

/** The person of the address, else the last one here; one who is unknown to this world is passed over. */
async function whoAmI() {
  const wanted = [address().searchParams.get("as"), saved("as")].filter(Boolean);
  for (const name of wanted) {
    try {
      return (await world(name)).me.username;
    } catch (error) {
      if (error.code !== "unknown_user") throw error;
    }
  }
  return firstPerson;
}

function rememberPlace(store) {
  const url = address();
  url.searchParams.set("as", store.as);
  if (store.channelId) url.searchParams.set("channel", store.channelId);
  history.replaceState(null, "", url);
  localStorage.setItem("sandbox-as", store.as);
  if (store.channelId) localStorage.setItem("sandbox-channel", store.channelId);
}

function switchUser(name) {
  const url = address();
  url.searchParams.set("as", name);
  location.assign(url);
}

let toastTimer = 0;
function toast({ text, calm }) {
  const node = byId("toast");
  clearTimeout(toastTimer);
  node.replaceChildren(el("span", {}, text));
  node.classList.toggle("calm", Boolean(calm));
  node.hidden = false;
  toastTimer = setTimeout(() => (node.hidden = true), 5000);
}

function build(store) {
  const interactions = new Interactions(store);
  const menus = new Menus(store, interactions, {
    answer: (message) => composer.about.answer(message),
    edit: (message) => composer.about.edit(message),
  });
  const context = {
    useComponent: (message, customId, values) => interactions.component(message, customId, values),
    dismiss: (message) => store.dismiss(message.id),
    userMenu: (event, user) => menus.user(event, user),
    messageMenu: (event, message) => menus.message(event, message),
    retype: (record) => composer.retype(record),
  };
  const list = new MessageList(store, interactions, context);
  const composer = new Composer(store, interactions, list);
  new Shell(store, {
    switchUser,
    newPerson: () => openNewPerson(store.guild, switchUser),
    userMenu: context.userMenu,
  });
  interactions.onModal = (interaction, modal) => openModal(interaction, modal, { interactions, store });
  return composer;
}

function typeAnywhere(event) {
  const typing = event.target.closest?.("input, textarea, select, button, dialog, [role=menu]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
  byId("composer-text").focus();
}

function trouble(error) {
  const text = error instanceof ApiError ? error.message : String(error);
  const again = el("button", { type: "button", class: "button primary", onclick: () => location.reload() }, "Try again");
  byId("message-list").replaceChildren(el("p", { class: "beginning" }, text), again);
}

async function start() {
  startScheme();
  keepTimesFresh();
  addEventListener("keydown", typeAnywhere);
  try {
    const store = new Store(await whoAmI());
    build(store);
    store.on("place", () => rememberPlace(store));
    store.on("trouble", toast);
    await store.start(address().searchParams.get("channel") || saved("channel"));
    document.body.dataset.ready = "";
    if (matchMedia("(min-width: 900px)").matches) byId("composer-text").focus();
  } catch (error) {
    trouble(error);
    throw error;
  }
}

start();
