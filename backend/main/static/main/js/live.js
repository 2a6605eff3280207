// The page’s one live connection, shared by all of its scripts. Nobody signed in: there is none.

import { readJson } from "./dom.js";
import { Gateway } from "./gateway.js";

export const live = readJson("live") ?? {};
export const gateway = document.body.dataset.account ? new Gateway() : null;
