// Where somebody has chosen no time zone, the browser's stands there as a first guess. Nothing is saved by it.

import { $ } from "./dom.js";

const control = $("input[name=timezone]");
const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = [...(control?.list?.options ?? [])].some((option) => option.value === guess);
if (control && known && !control.value) control.value = guess;
