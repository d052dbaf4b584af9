"""Parts of a page that no callback asks for, handed to the browser as one component each.

Dash tells every component of a page of every change, so that the time to draw a page grows with the square of their
number; a view has up to 1,500 of them, nearly all cells, words and bars that never change by themselves. What is plain
HTML is folded into ``StaticHtml``, which ``assets/web/static_html.js`` draws as the same elements.
"""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from functools import cache
from typing import Any, TypeAlias

from dash import Dash, get_app
from dash.development.base_component import Component

#: An element as the browser draws it: its tag, its attributes, and what is in it; or words.
Element: TypeAlias = "list[Any] | str"

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
    return _folded(parts, _ids_of_callbacks(get_app()))


@cache
def _ids_of_callbacks(app: Dash) -> frozenset[str]:
    """Ids of inputs, outputs and states. Ids that are patterns are no texts and need not be known."""
    found: set[str] = set()
    for callback in json.loads(app.dependencies().get_data()):
        outputs = callback["output"].strip(".").split("...")
        found.update(output.rsplit(".", 1)[0] for output in outputs)
        found.update(str(given["id"]) for given in [*callback["inputs"], *callback["state"]])
    return frozenset(found)


def _folded(parts: Sequence[Any], named: Container[str]) -> list[Any]:
    kept: list[Any] = []
    still: list[Element] = []
    for part in parts:
        element = _element(part, named)
        if element is not None:
            still.append(element)
            continue
        kept += _as_component(still)
        still = []
        if part._namespace == "dash_html_components" and getattr(part, "children", None) is not None:
            part.children = _folded(_children(part), named)
        kept.append(part)
    return [*kept, *_as_component(still)]


def _as_component(elements: Sequence[Element]) -> list[Any]:
    """Words alone need no component."""
    return [StaticHtml(elements)] if any(not isinstance(one, str) for one in elements) else [*elements]


def _element(part: Any, named: Container[str]) -> Element | None:
    """``part`` as plain HTML, ``None`` when a component of Dash is in it or a callback names it."""
    if not isinstance(part, Component):
        return str(part)
    kind = (part._namespace, part._type)
    if kind[0] != "dash_html_components" and kind not in _LIBRARY:
        return None
    props = part.to_plotly_json()["props"]
    if "id" in props and (not isinstance(props["id"], str) or props["id"] in named):
        return None
    inside = [_element(child, named) for child in _children(part)]
    if None in inside:
        return None
    props.pop("children", None)
    tag = part._type if kind in _LIBRARY else part._type.lower()
    return [tag, props, *inside]


def _children(part: Component) -> Sequence[Any]:
    children = getattr(part, "children", None)
    if children is None:
        return []
    return [one for one in children if one is not None] if isinstance(children, (list, tuple)) else [children]
