// A page of rolls: the tray of a character, the log of a chronicle, one roll.

import { followRolls, lookAfterDice } from "./dice.js";
import { gateway, live } from "./live.js";

lookAfterDice();
followRolls(gateway, live.user);
