"""Trust & Safety: what to decide next and why, who shares identifiers, what is late, how good the rules are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from dash import (
    ALL,
    ClientsideFunction,
    Input,
    Output,
    State,
    callback,
    clientside_callback,
    ctx,
    dcc,
    html,
    no_update,
    register_page,
)
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dash_app import definitions, exports, ids, kept_answers, trust_view
from dash_app.access.gate import may_decide, who
from dash_app.components import case_card as card
from dash_app.components import decision_form as form
from dash_app.components import review_queue as queue
from dash_app.components import trust_clusters
from dash_app.components.figure_card import csv_link
from dash_app.components.overdue_rewards import overdue_card
from dash_app.components.people_graph import people_area
from dash_app.components.states import notices
from dash_app.components.template import Theme, as_theme
from dash_app.components.trust_kpis import kpi_cards
from dash_app.components.trust_signals import rules_card, types_card, weeks_card
from dash_app.filters import Filters, given
from dash_app.page import answer, page
from dash_app.pending import pending
from dash_app.queries import trust, trust_case, trust_signals
from dash_app.queries.snapshot import NoSnapshot, Snapshot, current
from dash_app.question import ask
from dash_app.trust_view import TrustView
from dash_app.views import VIEWS
from include.errors import CartonCapsError
from include.reviews.landing import decide
from include.settings import data_dir

VIEW = VIEWS["trust"]
BODY, KPIS = "trust-body", "trust-kpis"
# stores: the part of the queue and the case that are shown, as parameters of the URL; apart, so that a click draws no
# more anew than it changes
PART, CHOSEN = "trust-part", "trust-chosen"
DECIDED = "trust-decided"  # store: the newest decision taken here, so that what shows pending ones is drawn anew
NEEDS = (
    "fct_overdue_reward",
    "fct_review_case",
    "fct_review_case_member",
    "fct_review_decision",
    "fct_rewards",
    "fct_trust_cluster",
    "fct_trust_edge",
    "fct_trust_rule",
    "fct_trust_safety_signals",
)

#: Card -> the rows behind its number.
ROWS = {
    "trust-types": "trust-signals",
    "trust-weeks": "trust-signals",
}

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=5)


def layout(**query: str) -> html.Div:
    """The page with its filters, its queue and its case set as the URL says."""
    part = {key: value for key, value in query.items() if key in trust_view.PARAMS and key != "case"}
    chosen = {key: value for key, value in query.items() if key == "case"}
    stores = [dcc.Store(id=PART, data=part), dcc.Store(id=CHOSEN, data=chosen), dcc.Store(id=DECIDED)]
    return html.Div([*stores, page(VIEW, BODY, query, trust_view.PARAMS)])


@callback(
    Output(BODY, "children"),
    Input(ids.FILTERS, "data"),
    Input(ids.SNAPSHOT, "data"),
    Input(ids.THEME, "data"),
    State(PART, "data"),
    State(CHOSEN, "data"),
)
def update(
    params: dict[str, str] | None, _snapshot: object, theme: str, part: object, chosen: object
) -> Sequence[Component]:
    """Everything below the filters, out of one snapshot."""
    return answer(lambda snapshot: build(snapshot, params, as_theme(theme), _asked(part, chosen)), NEEDS, is_kept=True)


kept_answers.follows_also_from(
    f"{BODY}.children", lambda snapshot: (who(), may_decide(), sorted(pending(snapshot).items()))
)


@callback(Output(KPIS, "children"), Input(DECIDED, "data"), prevent_initial_call=True)
def draw_kpis(_decided: object) -> Sequence[Component]:
    """The numbers with what is pending now."""
    return answer(lambda snapshot: [_kpis(snapshot)], NEEDS)


@callback(Output(queue.AREA, "children"), Input(PART, "data"), State(CHOSEN, "data"), prevent_initial_call=True)
def draw_queue(part: object, chosen: object) -> Sequence[Component]:
    """The part of the queue that was chosen."""
    return answer(lambda snapshot: queue_area(snapshot, _asked(part, chosen)), NEEDS)


@callback(Output({"type": queue.BADGE, "case": ALL}, "children"), Input(DECIDED, "data"), prevent_initial_call=True)
def draw_badges(_decided: object) -> list[list[Component]]:
    """What is pending, in the part of the queue that is shown."""
    waiting = pending(current())
    return [[*queue.pending_badge(waiting.get(badge["id"]["case"]))] for badge in ctx.outputs_list]


@callback(
    Output(card.AREA, "children"),
    Input(PART, "data"),
    Input(CHOSEN, "data"),
    State(form.CASE, "data", allow_optional=True),
    State(ids.THEME, "data"),
    prevent_initial_call=True,
)
def draw_case(part: object, chosen: object, on_form: object, theme: str) -> Sequence[Component]:
    """The case that was chosen. Another page of the queue leaves it, with what was typed, as it is."""
    asked = _asked(part, chosen)

    def drawn(snapshot: Snapshot) -> Sequence[Component]:
        if on_form == _open_case(snapshot, trust_view.parse(asked)[0]):
            raise PreventUpdate
        return case_area(snapshot, asked, as_theme(theme))

    return answer(drawn, NEEDS)


@callback(
    Output(card.DECISION, "children"), Input(DECIDED, "data"), State(form.CASE, "data"), prevent_initial_call=True
)
def draw_decision(_decided: object, on_form: object) -> Sequence[Component]:
    """What was just decided, and the form for another decision."""
    return answer(lambda snapshot: decision_area(snapshot, str(on_form), is_just_taken=True), NEEDS)


@callback(
    Output(form.MESSAGE, "children"),
    Output(DECIDED, "data"),
    Input(form.SUBMIT, "n_clicks"),
    State(form.CASE, "data"),
    State(form.VERDICT, "value"),
    State(form.REASON, "value"),
    State(form.REVIEWER, "value"),
    running=[(Output(form.SUBMIT, "disabled"), True, False)],
    prevent_initial_call=True,
)
def take(clicks: int | None, case_id: object, verdict: object, reason: object, name: object) -> Any:
    """Record a decision, or say why not and keep what was typed."""
    if not clicks:  # the form was put on the page
        return no_update, no_update
    if not may_decide():
        return form.refused(form.NOT_YOURS), no_update
    try:
        snapshot = current()
        if not isinstance(case_id, str) or trust_case.case(snapshot, case_id) is None:
            return form.refused("This case is not in the newest build. Choose one in the queue."), no_update
        decision = decide(data_dir(), snapshot.stamp["as_of"], case_id, verdict, reason, who() or name)
    except (CartonCapsError, NoSnapshot) as error:
        return form.refused(str(error)), no_update
    return form.taken(decision), vars(decision) | {"decided_at": decision.decided_at.isoformat(), "click": clicks}


clientside_callback(
    ClientsideFunction("trust", "choose"),
    Output(PART, "data"),
    Output(CHOSEN, "data"),
    Input(queue.STATUS, "value"),
    Input(queue.KIND, "value"),
    Input({"type": queue.OPEN, "case": ALL}, "n_clicks"),
    Input({"type": queue.TURN, "page": ALL}, "n_clicks"),
    State(PART, "data"),
    State(CHOSEN, "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("trust", "mark"),
    Output({"type": queue.OPEN, "case": ALL}, "className"),
    Output({"type": queue.OPEN, "case": ALL}, "aria-current"),
    Input(CHOSEN, "data"),
    State({"type": queue.OPEN, "case": ALL}, "id"),
    prevent_initial_call=True,
)
for _canvas, _facts in ((card.CANVAS, card.FACTS), (trust_clusters.CANVAS, trust_clusters.FACTS)):
    clientside_callback(
        ClientsideFunction("network", "facts"),
        Output(_facts, "children"),
        Input(_canvas, "tapNodeData"),
        prevent_initial_call=True,
    )


def build(
    snapshot: Snapshot, params: Mapping[str, str] | None, theme: Theme, chosen: Mapping[str, Any] | None = None
) -> Sequence[Component]:
    """Queue and case as ``chosen`` asks, then the figures under the filters that ``params`` ask for."""
    question = ask(VIEW, snapshot, params, theme)
    asked, means, csv, filters = question.asked, question.means, question.csv, question.filters
    view, not_followed = trust_view.parse(chosen)
    of_case = partial(_address, question.chosen)
    parts = [
        *notices(not_followed),
        html.Div(_kpis(snapshot), id=KPIS),
        html.Div(
            [
                queue.queue_card(view, queue_area(snapshot, chosen), means("trust_queue")),
                html.Div(case_area(snapshot, chosen, theme), id=card.AREA),
            ],
            className="review",
        ),
        html.Div(
            [
                types_card(trust_signals.by_type(*asked), filters, means("trust_signals"), csv("trust-types")),
                weeks_card(trust_signals.by_week(*asked), filters, means("trust_signals"), csv("trust-weeks"), theme),
            ],
            className="figure-row",
        ),
        trust_clusters.clusters_card(
            trust_signals.clusters(snapshot), trust_signals.edges(snapshot), means("trust_clusters"),
            csv("trust-clusters"), theme, of_case,
        ),
        html.Div(
            [
                overdue_card(trust.overdue(snapshot), means("trust_overdue"), csv("trust-overdue"), of_case),
                rules_card(trust.rules(snapshot), means("trust_rules"), csv("trust-rules")),
            ],
            className="figure-row",
        ),
    ]  # fmt: skip
    return question.answered(parts, ROWS)


def queue_area(snapshot: Snapshot, chosen: Mapping[str, Any] | None) -> list[Component]:
    """The list of cases, with pending decisions and the case that is open marked."""
    view, _ = trust_view.parse(chosen)
    csv = exports.chosen_href("trust-queue", TrustView(status=view.status, kind=view.kind))
    return queue.queue_area(trust.queue(snapshot, view), view, _open_case(snapshot, view), pending(snapshot), csv)


def case_area(snapshot: Snapshot, chosen: Mapping[str, Any] | None, theme: Theme) -> list[Component]:
    """The case that is open."""
    view, _ = trust_view.parse(chosen)
    means = definitions.means(snapshot, "trust_case")
    case_id = _open_case(snapshot, view)
    case = trust_case.case(snapshot, case_id) if case_id else None
    if case is None or case_id is None:
        return [card.no_case(case_id, means)]
    csv = {
        part: exports.chosen_href(f"trust-case-{part}", TrustView(case=case_id))
        for part in ("people", "signals", "referrals")
    }
    people = trust_case.people(snapshot, case_id).head(trust_case.PEOPLE_DRAWN)
    drawn = people_area(
        people, trust_case.ties(snapshot, case_id, people), card.CANVAS,
        csv_link("trust-case-people", "People of the case", csv["people"]), theme,
    )  # fmt: skip
    return [
        card.case_card(
            case, trust_case.signals(snapshot, case_id), trust_case.referrals(snapshot, case_id), drawn,
            decision_area(snapshot, case_id), means, csv["signals"], csv["referrals"],
        )
    ]  # fmt: skip


def decision_area(snapshot: Snapshot, case_id: str, is_just_taken: bool = False) -> list[Component]:
    """What is pending about a case, and the form."""
    case = trust_case.case(snapshot, case_id)
    kind = "abuse" if case is None else str(case["case_kind"])
    return form.decision_area(case_id, kind, pending(snapshot).get(case_id), is_just_taken)


def _kpis(snapshot: Snapshot) -> Component:
    return kpi_cards(trust.kpis(snapshot), pending(snapshot), partial(definitions.means, snapshot))


def _asked(part: object, chosen: object) -> dict[str, str]:
    """Both stores as one set of parameters, whatever the browser holds in them."""
    return given(part, trust_view.PARAMS) | given(chosen, ("case",))


def _open_case(snapshot: Snapshot, view: TrustView) -> str | None:
    """The case asked for, else the first of the queue."""
    if view.case:
        return view.case
    rows = trust.queue(snapshot, view)
    return None if rows.empty else str(rows["case_id"].iloc[0])


def _address(filters: Filters, case_id: str) -> str:
    """This view with the same filters and a case open."""
    return f"{VIEW.path}?{urlencode(filters.to_params() | {'case': case_id})}"
