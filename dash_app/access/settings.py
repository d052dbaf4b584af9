"""What the environment says about access, read once at the start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from include.errors import CartonCapsError
from include.settings_list import default, value

Mode = Literal["off", "people", "proxy"]
MODES: tuple[Mode, ...] = ("off", "people", "proxy")
#: Bytes of a key that signs sessions, as text; ``secrets.token_urlsafe(32)`` makes 43.
SHORTEST_KEY = 32


class AccessError(CartonCapsError):
    """Access is set up in a way that would let nobody or everybody in."""


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())


@dataclass(frozen=True)
class Settings:
    """How people are known, and where it is written who they are."""

    mode: Mode
    file: Path | None = None
    """People, groups and limits; see ``people.py``."""
    key: str = ""
    """Signs the sessions; the same for all workers."""
    user_header: str = default("CARTON_ACCESS_USER_HEADER")
    groups_header: str = default("CARTON_ACCESS_GROUPS_HEADER")
    proxies: frozenset[str] = _names(default("CARTON_ACCESS_PROXIES"))
    """Addresses whose headers are believed."""
    is_https: bool = False
    """Whether people reach the app by https: cookies then never go out without."""


def from_env() -> Settings:
    """Read ``CARTON_ACCESS`` and its companions.

    Raises:
        AccessError: a value is missing or impossible; the app must not start then.
    """
    asked = value("CARTON_ACCESS")
    mode = next((known for known in MODES if known == asked), None)
    if mode is None:
        raise AccessError(f"CARTON_ACCESS is “{asked}”: it is one of {', '.join(MODES)}.")
    if mode == "off":
        return Settings(mode)
    file = value("CARTON_ACCESS_FILE")
    if mode == "people" and not file:
        raise AccessError(
            "CARTON_ACCESS=people needs CARTON_ACCESS_FILE, the file of those who may log in. "
            "Make it: python -m dash_app.access --file FILE add NAME."
        )
    key = value("CARTON_SESSION_KEY")
    if mode == "people" and len(key) < SHORTEST_KEY:
        raise AccessError(
            f"CARTON_ACCESS=people needs CARTON_SESSION_KEY, at least {SHORTEST_KEY} characters that nobody can guess. "
            "Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'."
        )
    return Settings(
        mode,
        Path(file) if file else None,
        key,
        value("CARTON_ACCESS_USER_HEADER"),
        value("CARTON_ACCESS_GROUPS_HEADER"),
        _names(value("CARTON_ACCESS_PROXIES")),
        value("CARTON_DASH_URL").startswith("https://"),
    )
