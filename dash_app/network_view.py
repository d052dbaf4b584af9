"""What the graph of the network view is asked to show, as the URL carries it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dash_app.filters import given, one_of, short

GRAPHS = ("tree", "schools")
SIZES = {
    "tree": ("direct_referrals", "descendants", "raised_usd"),
    "schools": ("referrals_out", "members", "k_60_shrunk"),
}
COLOURS = {"tree": ("generation", "user_type", "school", "trust"), "schools": ("community", "growth")}
#: Parameters of the URL that are this view's own.
PARAMS = ("graph", "user", "open", "school", "size", "colour")

#: The trust state of everybody, for who may not see it.
NOT_VISIBLE = "not visible"
EVERYTHING = "all"
#: A link stays short enough to be sent.
OPENED_MOST = 40
_GREATEST_ID = 2**63 - 1


@dataclass(frozen=True)
class NetworkView:
    """A choice of graph and of what is drawn in it. Ids need not exist."""

    graph: str = "tree"
    user: int | None = None
    """The user in the middle; None: the root of the largest mature tree."""
    opened: tuple[int, ...] = field(default=())
    """Users whose own referrals are drawn too."""
    is_all_open: bool = False
    school: int | None = None
    """The school whose partners alone are drawn; None: all schools."""
    size: str = "direct_referrals"
    colour: str = "generation"

    def to_params(self) -> dict[str, str]:
        """What a link must carry to show the same again; defaults are left out."""
        opened = EVERYTHING if self.is_all_open else ",".join(str(user) for user in self.opened)
        told = {
            "graph": self.graph if self.graph != GRAPHS[0] else "",
            "user": "" if self.user is None else str(self.user),
            "open": opened,
            "school": "" if self.school is None else str(self.school),
            "size": self.size if self.size != SIZES[self.graph][0] else "",
            "colour": self.colour if self.colour != COLOURS[self.graph][0] else "",
        }
        return {key: value for key, value in told.items() if value}


def parse(params: object) -> tuple[NetworkView, list[str]]:
    """The graph a link asks for, and a sentence for each part of it that could not be followed.

    Parameters of others are passed over. Whatever the link holds, the answer is a graph that can be drawn.
    """
    told = given(params, PARAMS)
    notices: list[str] = []

    def chosen(name: str, allowed: tuple[str, ...]) -> str:
        return one_of(name, told.get(name), allowed, notices) or allowed[0]

    graph = chosen("graph", GRAPHS)
    return NetworkView(
        graph,
        _id("user", told.get("user"), notices),
        _opened(told.get("open", ""), notices),
        told.get("open") == EVERYTHING,
        _id("school", told.get("school"), notices),
        chosen("size", SIZES[graph]),
        chosen("colour", COLOURS[graph]),
    ), notices


def _id(name: str, text: str | None, notices: list[str]) -> int | None:
    if text is None:
        return None
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) <= len(str(_GREATEST_ID)) and int(number) <= _GREATEST_ID:
        return int(number)
    notices.append(f"“{short(text)}” is not the id of a {name}: it is a number, such as 1210. It was ignored.")
    return None


def _opened(text: str, notices: list[str]) -> tuple[int, ...]:
    if text == EVERYTHING or not text:
        return ()
    unread: list[str] = []
    found = [_id("user", part, unread) for part in text.split(",")[:OPENED_MOST]]
    notices.extend(unread[:1])  # one sentence is enough for a list
    return tuple(user for user in found if user is not None)
