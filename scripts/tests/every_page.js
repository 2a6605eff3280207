// What is checked on every page, in the page itself: `checks` is put into each before its own scripts run.

window.checks = (() => {
  const TABBABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  // Rows that may be scrolled sideways: they are one line high, so nobody scrolls in two directions to read.
  const ONE_LINE = ".sheet-nav, .crumbs ol, pre";

  /** An element, what it stands in, and so on, up to the body. */
  function parents(node) {
    const found = [];
    for (let around = node; around && around !== document.body; around = around.parentElement) found.push(around);
    return found;
  }

  const told = (node) => node.outerHTML.replace(/\s+/g, " ").slice(0, 110);
  const isShown = (node) => node.checkVisibility({ visibilityProperty: true });
  const isForReaders = (node) => parents(node).some((one) => one.matches(".skip") || getComputedStyle(one).clipPath === "inset(50%)");

  // The keyboard.

  let stops = new Map();
  let problems = [];

  /** Everything that Tab has to reach, in the dialog where one is open. */
  function reachable() {
    const inside = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    return [...inside.querySelectorAll(TABBABLE)].filter(
      (node) => node.tabIndex >= 0 && !node.disabled && !node.closest("[inert]") && isShown(node) && !isRestOfGroup(node),
    );
  }

  /** Of radio buttons Tab reaches the chosen one, arrows the others. */
  function isRestOfGroup(node) {
    if (node.type !== "radio" || node.checked) return false;
    const group = [...(node.form ?? document).querySelectorAll("input[type=radio]")].filter((radio) => radio.name === node.name);
    return group.some((radio) => radio.checked) || group[0] !== node;
  }

  /** A date or time is several stops: Tab goes through its parts and its picker. */
  const PARTS = { date: 4, time: 4, "datetime-local": 7 };

  /** Starts a walk; each stop is looked at when the next Tab leaves it. Returns how often Tab has to be pressed. */
  function walk() {
    stops = new Map(reachable().map((node) => [node, false]));
    problems = [];
    document.activeElement?.blur();
    addEventListener("keydown", lookAtStop, true);
    return [...stops.keys()].reduce((presses, node) => presses + (PARTS[node.type] ?? 1), 0);
  }

  function lookAtStop({ key }) {
    const node = document.activeElement;
    if (key !== "Tab" || !node || node === document.body || node.matches("dialog, html")) return;
    stops.set(node, true);
    if (!showsFocus(node)) problems.push(`no focus to be seen: ${told(node)}`);
    if (!isOnTop(node)) problems.push(`hidden while in focus: ${told(node)}`);
  }

  function showsFocus(node) {
    const around = [node, node.nextElementSibling, node.parentElement, node.closest("label"), node.closest(".card")];
    return around.some((one) => one && getComputedStyle(one).outlineStyle !== "none");
  }

  /** Most of its middle and corners are what one would press there. */
  function isOnTop(node) {
    const target = isForReaders(node) ? (node.closest("label, .skip") ?? node) : node;
    const box = target.getClientRects()[0];
    if (!box) return false;
    const [left, right] = [box.left + 3, box.right - 3];
    const [top, bottom] = [Math.max(box.top, 0) + 3, Math.min(box.bottom, innerHeight) - 3];
    const points = [[(left + right) / 2, (top + bottom) / 2], [left, top], [right, top], [left, bottom], [right, bottom]];
    const hits = points.filter(([x, y]) => {
      const hit = document.elementFromPoint(x, y);
      return hit && (target.contains(hit) || hit.contains(target) || hit.closest("label")?.contains(node));
    });
    return hits.length >= 3;
  }

  /** What went wrong, and what was never reached. */
  function walked() {
    removeEventListener("keydown", lookAtStop, true);
    const missed = [...stops].filter(([node, reached]) => !reached && node.isConnected && isShown(node));
    return [...new Set([...problems, ...missed.map(([node]) => `not reached: ${told(node)}`)])];
  }

  // Zoom.

  /** Text and controls that are wider than the window, or cut off by what they stand in. */
  function cutOff() {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const node of document.body.querySelectorAll("*")) {
      if (!isShown(node) || isForReaders(node) || node.closest("svg, script, style, datalist, option")) continue;
      const boxes = boxesOf(node);
      if (boxes.length && !mayBeShort(node) && boxes.some((box) => isOutside(box, node))) found.push(`cut off: ${told(node)}`);
    }
    return found;
  }

  function boxesOf(node) {
    if (node.matches("input, select, textarea, button, img")) return [node.getBoundingClientRect()];
    const texts = [...node.childNodes].filter((child) => child.nodeType === 3 && child.data.trim());
    return texts.flatMap((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      return [...range.getClientRects()];
    });
  }

  /** What is shortened stands in full elsewhere; a line may be scrolled. */
  const mayBeShort = (node) =>
    Boolean(node.closest(ONE_LINE)) || parents(node).some((one) => getComputedStyle(one).textOverflow === "ellipsis" || getComputedStyle(one).webkitLineClamp !== "none");

  function isOutside(box, node) {
    if (box.right > innerWidth + 1 || box.left < -1) return true;
    return parents(node).some((around) => {
      const frame = around.getBoundingClientRect();
      const isCut = box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 4;
      return isCut && ["hidden", "clip"].includes(getComputedStyle(around).overflowX);
    });
  }

  // Contrast themes.

  /** Marks whose states look alike, and choices that do not show what is chosen. */
  function alike() {
    document.activeElement?.blur();
    return [...marksAlike(), ...choicesAlike()];
  }

  function marksAlike() {
    const looks = new Map();
    for (const node of document.querySelectorAll(".pip, .box, .die")) {
      if (!isShown(node)) continue;
      const state = [...node.classList].sort().join(" ");
      const drawnBy = node.closest("[path], [of], .roll");
      const key = `${drawnBy?.id || drawnBy?.localName} ${lookOf(node)}`;
      looks.set(key, (looks.get(key) ?? new Set()).add(state));
    }
    return [...looks].filter(([, states]) => states.size > 1).map(([key, states]) => `alike: ${[...states].join(" = ")} (${key})`);
  }

  function choicesAlike() {
    const found = [];
    for (const [chosen, others] of choices()) {
      if (others.length && others.every((other) => lookOf(other) === lookOf(chosen))) found.push(`not seen to be chosen: ${told(chosen)}`);
    }
    return found;
  }

  function choices() {
    const current = [...document.querySelectorAll("nav [aria-current]")].map((node) => [node, [...node.closest("nav").querySelectorAll("a:not([aria-current])")]]);
    const checked = [...document.querySelectorAll("input[type=radio]:checked")]
      .filter((node) => isFlat(node))
      .map((node) => [node.nextElementSibling, beside(node)]);
    return [...current, ...checked].filter(([node]) => node && isShown(node));
  }

  /** A radio button that is not drawn itself: what stands beside it says that it is chosen. */
  const isFlat = (node) => getComputedStyle(node).opacity === "0" || isForReaders(node);
  const beside = ({ name, form }) =>
    [...(form ?? document).querySelectorAll("input[type=radio]:not(:checked)")].filter((node) => node.name === name).map((node) => node.nextElementSibling);

  function lookOf(node) {
    const drawn = [null, "::before", "::after"].map((part) => {
      const style = getComputedStyle(node, part);
      const edges = ["Top", "Right", "Bottom", "Left"].flatMap((side) => [style[`border${side}Color`], style[`border${side}Width`]]);
      return [style.content, style.backgroundColor, style.backgroundImage, ...edges, style.borderRadius, style.borderTopStyle, style.color, style.outlineStyle, style.fontWeight, style.textDecorationLine].join(" ");
    });
    return [...drawn, node.querySelector(".shape")?.textContent ?? ""].join(" ");
  }

  return { walk, walked, cutOff, alike };
})();
