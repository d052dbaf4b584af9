window.dash_clientside = window.dash_clientside || {};

const TRUST_PARAMS = ["case", "status", "kind", "page"];

window.dash_clientside.trust = {
  // A case, a page or a choice in, the parameters of the queue out; the server says what of them can be followed.
  choose(status, kind, _opened, _turned, shown) {
    const { no_update } = window.dash_clientside;
    const { triggered, triggered_id: cause } = window.dash_clientside.callback_context;
    // A button or control that was only just put on the page has no clicks, and nobody has chosen anything.
    if (triggered.length !== 1 || !triggered[0].value) return no_update;
    const params = { ...shown };
    if (cause.type === "trust-open") {
      params.case = cause.case;
      // On a narrow screen the case is below the queue.
      if (window.innerWidth <= 800) document.getElementById("trust-case-area").scrollIntoView();
    } else if (cause.type === "trust-turn") {
      delete params.page;
      if (cause.page > 1) params.page = String(cause.page);
    } else {
      ["status", "kind", "page"].forEach((key) => delete params[key]);
      if (status !== "open") params.status = status;
      if (kind !== "all") params.kind = kind;
    }
    if (JSON.stringify(params) === JSON.stringify(shown)) return no_update;
    window.carton.writeAddress(TRUST_PARAMS, params);
    return params;
  },
};
