// Pages that follow no table of their own, odds and luck: a storyteller's request reaches their readers too.

import { readJson } from "./dom.js";
import { heedRequests } from "./dice.js";
import { Gateway } from "./gateway.js";
import { toast } from "./toasts.js";

const { user, streams } = readJson("live");
const gateway = new Gateway();
for (const [stream, seq] of Object.entries(streams)) gateway.subscribe(stream, seq);
heedRequests(gateway, user, toast);
gateway.start();
