"""What stops a task of house-keeping."""

from __future__ import annotations

from include.errors import CartonCapsError


class HousekeepingError(CartonCapsError):
    """A task of house-keeping cannot be done; what it would have replaced or removed is untouched."""
