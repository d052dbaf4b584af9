window.dash_clientside = window.dash_clientside || {};

const NARROWINGS = ["user_type", "state", "school", "channel", "fraud"];
const FILTER_PARAMS = ["period", "from", "to", ...NARROWINGS];
const DEFAULT_PERIOD = "28d";
const PERIOD_DAYS = { "7d": 7, "28d": 28, "90d": 90 };

function startOf(period, bounds) {
  if (period === "all") return bounds.first_day;
  const day = new Date(`${bounds.last_day}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - PERIOD_DAYS[period] + 1);
  return day.toISOString().slice(0, 10);
}

window.dash_clientside.filters = {
  // Controls in, consistent controls and URL parameters out: a preset sets the dates, a date makes the period custom.
  // `rest`: what narrows, in the order of NARROWINGS, the resets, the bounds.
  sync(period, from, to, ...rest) {
    const bounds = rest.pop();
    rest.pop();
    let narrowed = rest;
    const cause = window.dash_clientside.callback_context.triggered_id;
    if (cause === "filter-reset") {
      period = DEFAULT_PERIOD;
      narrowed = narrowed.map(() => "all");
    }
    if (cause === "filter-from" || cause === "filter-to") period = "custom";
    if (period !== "custom") {
      from = startOf(period, bounds);
      to = bounds.last_day;
    }
    const params = {};
    if (period === "custom") {
      if (from) params.from = from;
      if (to) params.to = to;
    } else if (period !== DEFAULT_PERIOD) {
      params.period = period;
    }
    narrowed.forEach((value, place) => {
      if (value && value !== "all") params[NARROWINGS[place]] = value;
    });

    window.carton.writeAddress(FILTER_PARAMS, params);
    return [period, from, to, ...narrowed, params];
  },

  // A newer snapshot may hold more days.
  bounds(snapshot) {
    if (!snapshot) return window.dash_clientside.no_update;
    return { first_day: snapshot.first_day, last_day: snapshot.last_day };
  },
};
