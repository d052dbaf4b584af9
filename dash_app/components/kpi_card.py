"""One number a busy reader takes in at a glance."""

from __future__ import annotations

from dash import html

from dash_app.components.aria import aria
from dash_app.components.definition import definition
from dash_app.formats import Change

_ARROWS = {"up": "▲", "down": "▼", "same": "●", "unknown": ""}


def kpi_card(
    kpi_id: str,
    name: str,
    value: str,
    means: str,
    changed: Change | None = None,
    note: str | None = None,
    less_is_better: bool = False,
    target: html.Div | None = None,
) -> html.Section:
    """``changed`` compares with the period before, ``note`` is a rate with what it is made of, or the like.

    ``target``: of ``components.target.progress``.
    """
    lines: list[html.P | html.Div] = [html.P(value, className="kpi-value", id=f"{kpi_id}-value")]
    if changed is not None:
        arrow = f"{_ARROWS[changed.direction]} " if _ARROWS[changed.direction] else ""
        lines.append(html.P(arrow + changed.text, className=f"kpi-change {_mood(changed, less_is_better)}"))
    if note:
        lines.append(html.P(note, className="kpi-note"))
    if target is not None:
        lines.append(target)
    head = html.H2([name, " ", definition(f"{kpi_id}-means", name, means)], className="kpi-name")
    return html.Section([head, *lines], className="card card-body kpi", id=kpi_id, **aria(label=name))


def _mood(changed: Change, less_is_better: bool) -> str:
    """The class that colours a change: ``good``, ``bad``, else its direction."""
    good = "down" if less_is_better else "up"
    return {"up": "bad", "down": "bad", good: "good"}.get(changed.direction, changed.direction)
