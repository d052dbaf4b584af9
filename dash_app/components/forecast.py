"""What will be owed, and how good such forecasts have been."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import day_text
from dash_app.formats import count, rate, share, usd

_MEASURES = {"awards_usd": "Awarded", "redemptions_usd": "Redeemed", "liability_usd": "Owed at the end"}
_MODELS = {
    "pipeline": "referrals in the pipeline",
    "pipeline_short_history": "referrals in the pipeline, on a short history",
    "last_days": "the last days again",
    "seasonal_naive": "the last week again",
    "auto_ets": "automatic smoothing",
}


def forecast_card(days: pd.DataFrame, totals: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """The fan of what is owed, and totals of 30, 60 and 90 days. Needs ``queries.finance.forecast`` and ``.totals``."""
    figure_id, title = "finance-forecast", "What we owe: the past 90 days and the next 90"
    if totals.empty or days.empty:
        return figure_card(figure_id, title, means, nothing("There is no forecast yet: it comes with the first build."))
    twin = totals.assign(
        measure=totals["measure"].map(_MEASURES),
        horizon=[f"{horizon} days" for horizon in totals["horizon_days"]],
        interval_80=_between(totals, 80),
        interval_95=_between(totals, 95),
    )
    columns: Columns = {
        "measure": ("What", None),
        "horizon": ("In", None),
        "expected": ("Expected", usd),
        "interval_80": ("8 of 10 times", None),
        "interval_95": ("19 of 20 times", None),
    }
    content = html.Div(
        [
            graph(f"{figure_id}-graph", _fan(days, theme), title, height="320px"),
            table(twin, columns, "Totals of the same simulated futures; they are not sums of daily bounds"),
        ]
    )
    day_columns: Columns = {
        "day": ("Day", None),
        "part": ("Past or forecast", None),
        "usd": ("Owed", usd),
        "lower_80": ("80 % from", usd),
        "upper_80": ("to", usd),
    }
    by_day = days.assign(day=[day_text(day) for day in days["day"]])
    model = totals["model"].iloc[0]
    caption = f"Forecast by “{_MODELS.get(model, model)}”, the best in the backtest."
    return figure_card(figure_id, title, means, content, caption, table(by_day, day_columns, title), csv_href)


def scores_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """The backtest: every model at past days. Needs ``queries.finance.scores``."""
    figure_id, title = "finance-scores", "How good the forecasts were, judged by what came"
    if rows.empty:
        short = "No forecast of a past day can be judged yet: that takes eight weeks of history and 37 days more."
        return figure_card(figure_id, title, means, nothing(short))
    everything = rows[rows["horizon_days"] == 0]
    shown = table(_in_words(everything), _SCORE_COLUMNS, "All measures and horizons together, the best first")
    return figure_card(
        figure_id, title, means, shown, _verdict(everything), table(_in_words(rows), _SCORE_COLUMNS, title), csv_href
    )


_SCORE_COLUMNS: Columns = {
    "model": ("Model", None),
    "horizon": ("Horizon", None),
    "wape": ("Error", share),
    "bias": ("Too high by", share),
    "covered": ("In the 80 % interval", None),
    "interval_score": ("Interval score", lambda value: f"{value:.2f}"),
}


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        model=[_MODELS.get(model, model) + (" *" if shown else "") for model, shown in _pairs(rows)],
        horizon=["all" if horizon == 0 else f"{horizon} days" for horizon in rows["horizon_days"]],
        covered=[rate(row["covered_80"], row["forecasts"]) for row in rows.to_dict("records")],
    )


def _pairs(rows: pd.DataFrame) -> list[tuple[str, bool]]:
    return [(str(model), bool(shown)) for model, shown in zip(rows["model"], rows["is_published"], strict=True)]


def _verdict(everything: pd.DataFrame) -> str:
    best = everything.iloc[0]
    named = _MODELS.get(best["model"], best["model"])
    text = f"* Published: “{named}”, the lowest interval score at {count(best['origins'])} past days."
    ours = everything[everything["model"].str.startswith("pipeline")]
    if len(ours) and not ours["is_published"].any():
        text += f" Our own model scored {ours['interval_score'].iloc[0]:.2f} against {best['interval_score']:.2f}."
    return text


def _between(totals: pd.DataFrame, level: int) -> list[str]:
    low, high = totals[f"lower_{level}"], totals[f"upper_{level}"]
    return [f"{usd(lower)} to {usd(upper)}" for lower, upper in zip(low, high, strict=True)]


def _fan(days: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    past, ahead = days[days["part"] == "past"], days[days["part"] == "forecast"]
    figure = go.Figure()
    dates = [*ahead["day"]]
    for level, opacity in ((95, 0.12), (80, 0.22)):
        figure.add_scatter(
            x=dates + dates[::-1],
            y=[*ahead[f"upper_{level}"], *ahead[f"lower_{level}"][::-1]],
            fill="toself", fillcolor=colours.money, opacity=opacity, line={"width": 0}, hoverinfo="skip",
            name=f"{level} % interval",
        )  # fmt: skip
    for part, dash, name in ((past, "solid", "so far"), (ahead, "dash", "expected")):
        figure.add_scatter(
            x=[*part["day"]], y=[*part["usd"]], name=name, line={"color": colours.money, "width": 2, "dash": dash},
            hovertemplate="%{x|%-d %b %Y}: $%{y:,.0f} owed<extra></extra>",
        )  # fmt: skip
    figure.update_layout(template=template(theme))
    figure.update_yaxes(tickprefix="$", tickformat=",", rangemode="tozero", title_text="Owed, USD", nticks=5)
    figure.update_xaxes(tickformat="%-d %b", nticks=7, tickangle=0)
    return figure
