// Where somebody has chosen no time zone, the browser's stands there as a first guess. Nothing is saved by it.

/** @type {HTMLInputElement | null} */
const control = document.querySelector("input[name=timezone]");
const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = control?.list?.querySelector(`option[value="${CSS.escape(guess)}"]`);
if (control && known && !control.value) control.value = guess;
