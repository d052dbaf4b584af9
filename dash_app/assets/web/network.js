window.dash_clientside = window.dash_clientside || {};

const GRAPH_PARAMS = ["graph", "user", "open", "school", "size", "colour"];

// What a link need not say: the first of each choice, as network_view.py has them.
const GRAPH_DEFAULTS = ["tree", "direct_referrals", "generation", "referrals_out", "community"];

window.dash_clientside.network = {
  // Controls and clicks in, the parameters of the graph out; the server says what of them can be followed.
  choose(graph, user, treeSize, treeColour, schoolSize, schoolColour, _all, _again, tapped, shown) {
    const { no_update } = window.dash_clientside;
    const { triggered, triggered_id: cause } = window.dash_clientside.callback_context;
    // More than one at once: the card was put on the page, and nobody has chosen anything.
    if (triggered.length !== 1) return [no_update, no_update, no_update, no_update];
    const ofSchools = graph === "schools";
    let params = { ...shown };
    if (cause === "network-kind" || cause.endsWith("-size") || cause.endsWith("-colour")) {
      const chosen = ofSchools ? [graph, schoolSize, schoolColour] : [graph, treeSize, treeColour];
      ["graph", "size", "colour"].forEach((key, number) => {
        delete params[key];
        if (!GRAPH_DEFAULTS.includes(chosen[number])) params[key] = chosen[number];
      });
    } else if (cause === "network-user") {
      delete params.open;
      delete params.user;
      if (user) params.user = user;
    } else if (cause === "network-open-all") {
      params.open = "all";
    } else if (cause === "network-start-again") {
      params = ofSchools ? { graph } : {};
    } else if (cause === "network-canvas" && tapped && ofSchools) {
      if (params.school === tapped.id) delete params.school;
      else params.school = tapped.id;
    } else if (cause === "network-canvas" && tapped && params.open !== "all") {
      const opened = new Set((params.open || "").split(",").filter(Boolean));
      if (!opened.delete(tapped.id)) opened.add(tapped.id);
      delete params.open;
      if (opened.size) params.open = [...opened].join(",");
    }
    const again = cause === "network-start-again" ? "" : no_update;
    const hidden = [ofSchools, !ofSchools];
    if (JSON.stringify(params) === JSON.stringify(shown)) return [no_update, again, ...hidden];
    window.carton.writeAddress(GRAPH_PARAMS, params);
    return [params, again, ...hidden];
  },

  facts(tapped) {
    return tapped ? tapped.says : window.dash_clientside.no_update;
  },
};
