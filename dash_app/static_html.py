"""Parts of a page that no callback asks for, handed to the browser as one component each.

Dash tells every component of a page of every change, so that the time to draw a page grows with the square of their
number; a view has up to 1,500 of them, nearly all cells, words and bars that never change by themselves. What is plain
HTML is folded into ``StaticHtml``, which ``assets/web/static_html.js`` draws as the same elements.
"""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeAlias

from dash import Dash, get_app, html
from dash.development.base_component import Component

#: An element as the browser draws it: its tag, its attributes, and what is in it; or words.
Element: TypeAlias = "list[Any] | str"

#: What every component has besides its properties.
_NO_PROPS = frozenset(vars(html.Div())) - {"children"}
#: Components of libraries that draw themselves wherever they stand; the script knows them by these names.
_LIBRARY = {("dash_core_components", "Link"), ("dash_bootstrap_components", "Tooltip")}


class StaticHtml(Component):
    """``elements`` side by side, without an element around them."""

    _namespace = "carton"
    _type = "StaticHtml"

    def __init__(self, elements: Sequence[Element]) -> None:
        self._prop_names = ["elements"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = ["elements"]
        self.available_wildcard_properties: list[str] = []
        super().__init__(elements=list(elements))


def folded(parts: Sequence[Any]) -> list[Any]:
    """``parts`` with everything that no callback of the app names folded into ``StaticHtml``."""
    named = _ids_of_callbacks(get_app())
    return _joined([_folded(part, named) for part in parts])


@cache
def _ids_of_callbacks(app: Dash) -> frozenset[str]:
    """Ids of inputs, outputs and states. Ids that are patterns are no texts and need not be known."""
    found: set[str] = set()
    for callback in json.loads(app.dependencies().get_data()):
        outputs = callback["output"].strip(".").split("...")
        found.update(output.rsplit(".", 1)[0] for output in outputs)
        found.update(str(given["id"]) for given in [*callback["inputs"], *callback["state"]])
    return frozenset(found)


def _joined(parts: Sequence[Element | Component]) -> list[Any]:
    """Elements that stand side by side in one component. Words alone need none."""
    joined: list[Any] = []
    for is_kept, run in groupby(parts, lambda one: isinstance(one, Component)):
        drawn: list[Any] = [*run]
        joined += drawn if is_kept or all(isinstance(one, str) for one in drawn) else [StaticHtml(drawn)]
    return joined


def _folded(part: Any, named: Container[str]) -> Element | Component:
    """``part`` as plain HTML; as the component it is when it acts, or something in it does."""
    if not isinstance(part, Component):
        return str(part)
    kind = (part._namespace, part._type)
    if kind[0] != "dash_html_components" and kind not in _LIBRARY:
        return part
    props = {name: value for name, value in vars(part).items() if name not in _NO_PROPS}
    children = props.pop("children", None)
    inside = [one for one in children if one is not None] if isinstance(children, (list, tuple)) else [children]
    drawn = [_folded(one, named) for one in inside if one is not None]
    is_named = "id" in props and (not isinstance(props["id"], str) or props["id"] in named)
    if not is_named and not any(isinstance(one, Component) for one in drawn):
        return [part._type if kind in _LIBRARY else part._type.lower(), props, *drawn]
    if drawn:
        part.children = _joined(drawn)
    return part
