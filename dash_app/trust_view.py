"""What the trust view is asked to show, as the URL carries it: the case that is open, and which part of the queue."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dash_app.filters import given, one_of, short

#: ``news``: decided, and evidence came since.
STATUSES = ("open", "news", "held", "confirmed", "cleared", "all")
KINDS = ("all", "abuse", "payment_error")
#: Parameters of the URL that are this view's own.
PARAMS = ("case", "status", "kind", "page")

_CASE = re.compile(r"(group|referral|user)-[0-9]{1,19}")
_PAGES_MOST = 100_000


@dataclass(frozen=True)
class TrustView:
    """A part of the queue and a case. The case need not exist; None is the first of the queue."""

    case: str | None = None
    status: str = STATUSES[0]
    kind: str = KINDS[0]
    page: int = 1
    """Page of the queue, from 1; there need not be so many."""

    def to_params(self) -> dict[str, str]:
        """What a link must carry to show the same again; defaults are left out."""
        return {
            **({"case": self.case} if self.case else {}),
            **({"status": self.status} if self.status != STATUSES[0] else {}),
            **({"kind": self.kind} if self.kind != KINDS[0] else {}),
            **({"page": str(self.page)} if self.page != 1 else {}),
        }


def parse(params: object) -> tuple[TrustView, list[str]]:
    """The view a link asks for, and a sentence for each part of it that could not be followed.

    Parameters of others are passed over.
    """
    told = given(params, PARAMS)
    notices: list[str] = []
    return TrustView(
        _case(told.get("case"), notices),
        one_of("status", told.get("status"), STATUSES, notices) or STATUSES[0],
        one_of("kind", told.get("kind"), KINDS, notices) or KINDS[0],
        _page(told.get("page"), notices),
    ), notices


def _case(text: str | None, notices: list[str]) -> str | None:
    if text is None or _CASE.fullmatch(text):
        return text
    notices.append(f"“{short(text)}” is not the id of a case: it is like group-51 or referral-1336. It was ignored.")
    return None


def _page(text: str | None, notices: list[str]) -> int:
    if text is None:
        return 1
    if text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= _PAGES_MOST:
        return int(text)
    notices.append(f"“{short(text)}” is not a page of the queue. It was ignored.")
    return 1
