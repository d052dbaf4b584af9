"""What a reviewer decides about a case, and what of a form cannot be a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from include.contracts import contract
from include.errors import CartonCapsError

TABLE = "review_decisions"
#: ``confirmed``, ``cleared`` or ``held``.
VERDICTS = contract(TABLE).column("decision").enum
REASON_MOST, REVIEWER_MOST = 500, 80


class DecisionRefused(CartonCapsError):  # noqa: N818 - a refusal is what it is
    """What was filled in is no decision; the message says what to mend."""


@dataclass(frozen=True)
class Decision:
    """One row of ``review_decisions``; ``decided_at`` is UTC without zone."""

    case_id: str
    decision: str
    reason: str
    reviewer: str
    decided_at: datetime


def checked(case_id: str, verdict: object, reason: object, reviewer: object, decided_at: datetime) -> Decision:
    """The decision out of a form, whatever a browser sends; runs of blanks and line breaks become one blank.

    Raises:
        DecisionRefused: with one sentence for everything that must be mended.
    """
    told, by = _one_line(reason), _one_line(reviewer)
    wrong = [] if verdict in VERDICTS else [f"Choose a decision: {', '.join(VERDICTS)}."]
    wrong += _wrong("reason", told, REASON_MOST) + _wrong("reviewer's name", by, REVIEWER_MOST)
    if wrong:
        raise DecisionRefused(" ".join(wrong))
    return Decision(case_id, str(verdict), told, by, decided_at)


def _one_line(text: object) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


def _wrong(what: str, text: str, most: int) -> list[str]:
    if not text:
        return [f"Give a {what}."]
    if len(text) > most:
        return [f"The {what} has {len(text):,} characters; at most {most} fit."]
    if not text.isprintable():
        return [f"The {what} holds characters that cannot be printed; type it anew."]
    return []
