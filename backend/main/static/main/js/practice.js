// A drill: number keys press the options; after each answer the verdict is read out, and the next question has the focus.

import { $, setText } from "./dom.js";

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches?.("input, select, textarea")) return;
  if (!/^[1-9]$/.test(event.key)) return;
  $(`#drill [data-press="${event.key}"]`)?.click();
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "drill") return;
  const refusal = $("#refusal");
  if (refusal) refusal.hidden = true;
  setText($("#drill-said"), $("[data-verdict]", target)?.textContent?.replace(/\s+/g, " ").trim() ?? "");
  const next = $("#drill .prompt");
  next?.focus({ preventScroll: true });
  $("#drill").scrollIntoView({ block: "nearest" });
});
