window.dash_clientside = window.dash_clientside || {};

// "+20 %", "as it is", "$7.50": where a slider stands, in words.
function standing(lever, value) {
  if (Number(value) === lever.base) return lever.signed ? "as it is" : `${lever.before}${Number(value).toFixed(2)}, as it is`;
  if (!lever.signed) return lever.before + Number(value).toFixed(2) + lever.after;
  return (value > 0 ? "+" : "-") + Math.abs(value) + lever.after;
}

window.dash_clientside.lab = {
  // All controls, the button, the levers and what is shown in; the parameters of the scenario, the controls and the
  // words beside the sliders out. The server says what of the parameters can be followed.
  choose(...given) {
    const { no_update, callback_context } = window.dash_clientside;
    const shown = given.pop();
    const levers = given.pop();
    const pressed = given.pop();
    const isBack = callback_context.triggered_id === "finance-lab-back" && pressed;
    const values = levers.map((lever, number) => (isBack ? lever.base : given[number]));
    const words = levers.filter((lever) => lever.label).map((lever) => standing(lever, values[levers.indexOf(lever)]));
    const still = [no_update, ...levers.map(() => no_update), ...words];
    // More than one at once: the card was put on the page, and nobody has moved anything.
    if (callback_context.triggered.length !== 1) return still;
    const params = {};
    levers.forEach((lever, number) => {
      if (String(values[number] ?? "") !== String(lever.base)) params[lever.name] = String(values[number]);
    });
    if (JSON.stringify(params) === JSON.stringify(shown) && !isBack) return still;
    window.carton.writeAddress(levers.map((lever) => lever.name), params);
    return [params, ...(isBack ? values : levers.map(() => no_update)), ...words];
  },
};
