// Runs before the page is painted: a remembered choice of dark or light must not flash.
(() => {
  const root = document.documentElement;
  const KEY = "theme";
  root.classList.add("js");

  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be forbidden; then the system's preference stays
    }
  };
  const saved = remembered();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-toggle]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // not remembered, still switched
    }
  });
})();
