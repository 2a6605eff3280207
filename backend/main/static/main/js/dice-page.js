// A page of rolls: the tray of a character, the log of a chronicle.

import { $, readJson } from "./dom.js";
import { followRolls, heedRequests, lookAfterDice } from "./dice.js";
import { Gateway } from "./gateway.js";
import { toast } from "./toasts.js";

const gateway = new Gateway();
lookAfterDice();
followRolls(gateway, readJson("live").user);
// The log shows a request itself.
if (!$("#requests")) heedRequests(gateway, readJson("live").user, toast);
gateway.start();
