window.dash_clientside = window.dash_clientside || {};

// The order of VIEWS in views.py; the outputs of `navigation` follow it.
const VIEW_PATHS = ["/", "/product", "/referral-program", "/finance-forecast", "/network-effects", "/trust-safety", "/data-health"];

window.dash_clientside.shell = {
  theme(clicks) {
    const root = document.documentElement;
    if (clicks) {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("carton-theme", root.dataset.bsTheme);
      } catch {
        // not remembered, but switched
      }
    }
    return root.dataset.bsTheme;
  },

  // The page was made without a snapshot and has no filters: make it anew when the first one is there.
  arrived(snapshot) {
    if (this.without && snapshot) window.location.reload();
    this.without = !snapshot;
  },

  // Links carry the filters from view to view, and the view shown is marked.
  navigation(pathname, params, search) {
    const query = params ? new URLSearchParams(params).toString() : (search || "").replace(/^\?/, "");
    return VIEW_PATHS.flatMap((path) => [query ? `${path}?${query}` : path, path === pathname]);
  },
};
