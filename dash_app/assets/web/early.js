// In the head, before the first paint: a page that turns dark after loading flashes.
(function () {
  let theme = null;
  try {
    theme = localStorage.getItem("carton-theme");
  } catch {
    // storage may be switched off; the system's preference then decides
  }
  if (theme !== "light" && theme !== "dark") {
    theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.dataset.bsTheme = theme;
})();
