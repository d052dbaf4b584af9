"""What a view is asked: the newest data, the filters of the link, the theme; and what every answer has in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash.development.base_component import Component

from dash_app import definitions, drill, exports
from dash_app.components.annotations import annotated
from dash_app.components.rows_link import lead_to_rows
from dash_app.components.states import notices
from dash_app.components.template import Theme
from dash_app.filters import Bounds, Filters, parse
from dash_app.queries.annotations import happened
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from dash_app.views import View


@dataclass(frozen=True)
class Question:
    """One question to one snapshot."""

    snapshot: Snapshot
    covered: Bounds
    filters: Filters
    """Those that the view follows; what it does not follow would only be claimed by its captions and files."""
    chosen: Filters
    """All of the link, for links that lead on."""
    ignored: Sequence[str]
    """A sentence for each part of the link that could not be followed."""
    theme: Theme

    @property
    def asked(self) -> tuple[Snapshot, Filters, Bounds]:
        """What every query takes."""
        return self.snapshot, self.filters, self.covered

    def means(self, key: str) -> str:
        """The definition of a figure."""
        return definitions.means(self.snapshot, key)

    def csv(self, figure: str) -> str:
        """The address of a figure's file under the same filters."""
        return exports.href(figure, self.filters)

    def answered(self, parts: Sequence[Component], rows: Mapping[str, str] | None = None) -> list[Component]:
        """The body of the page: what was ignored, then ``parts`` with what happened marked on their time axes.

        ``rows``: id of a card -> name of the rows behind its number, see ``queries.rows``.
        """
        lead_to_rows(parts, {card: drill.href(name, self.filters) for card, name in (rows or {}).items()})
        return [*notices(self.ignored), *annotated(parts, happened(self.snapshot), self.theme)]


def ask(view: View, snapshot: Snapshot, params: object, theme: Theme) -> Question:
    """The question that the parameters of a link put to ``view``."""
    covered = bounds(snapshot)
    chosen, ignored = parse(params, covered)
    return Question(snapshot, covered, chosen.only(view.narrowed_by), chosen, ignored, theme)
