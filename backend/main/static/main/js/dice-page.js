// A page of rolls: the tray of a character, the log of a chronicle.

import { readJson } from "./dom.js";
import { followRolls, lookAfterDice } from "./dice.js";
import { Gateway } from "./gateway.js";

const gateway = new Gateway();
lookAfterDice();
followRolls(gateway, readJson("live").user);
gateway.start();
