"""What stops an ingest, and what refuses one file of it."""

from __future__ import annotations

from include.errors import CartonCapsError


class IngestError(CartonCapsError):
    """A day cannot be loaded as it is; nothing of that day was loaded."""


class DeliveryBlocked(IngestError):  # noqa: N818 - says what has happened
    """Everything readable was loaded, but a delivery is too broken to publish."""


class FileRefused(Exception):  # noqa: N818 - a refusal is what it is
    """One file cannot be taken at all; the message is the reason, without values of its rows."""
