window.dash_clientside = window.dash_clientside || {};

const TRUST_PARAMS = ["case", "status", "kind", "page"];

window.dash_clientside.trust = {
  // A case, a page or a choice in; what part of the queue and which case are shown out, as parameters of the address.
  choose(status, kind, _opened, _turned, part, chosen) {
    const { no_update } = window.dash_clientside;
    const { triggered, triggered_id: cause } = window.dash_clientside.callback_context;
    // A button or control that was only just put on the page has no clicks, and nobody has chosen anything.
    if (triggered.length !== 1 || !triggered[0].value) return [no_update, no_update];
    if (cause.type === "trust-open") {
      const opened = { case: cause.case };
      window.carton.writeAddress(TRUST_PARAMS, { ...opened, ...part });
      // On a narrow screen the case is below the queue.
      if (window.innerWidth <= 800) document.getElementById("trust-case-area").scrollIntoView();
      return [no_update, opened];
    }
    const params = {};
    if (status !== "open") params.status = status;
    if (kind !== "all") params.kind = kind;
    if (cause.type === "trust-turn" && cause.page > 1) params.page = String(cause.page);
    if (JSON.stringify(params) === JSON.stringify(part)) return [no_update, no_update];
    window.carton.writeAddress(TRUST_PARAMS, { ...chosen, ...params });
    return [params, no_update];
  },

  // The case that is open, marked in the queue.
  mark(chosen, ids) {
    const isOpen = ids.map((id) => id.case === chosen.case);
    return [isOpen.map((open) => (open ? "queue-item chosen" : "queue-item")), isOpen.map(String)];
  },
};
