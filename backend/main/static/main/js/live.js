// The page’s one live connection, shared by all of its scripts. Nobody signed in: there is none, and `page.js` asks.

import { readJson } from "./dom.js";
import { Gateway } from "./gateway.js";

/** @type {Live} */
export const live = readJson("live") ?? {};
export const gateway = /** @type {Gateway} */ (document.body.dataset.account ? new Gateway() : null);
