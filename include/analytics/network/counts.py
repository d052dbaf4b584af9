"""Means of counts per unit and how sure they are; the same rules as the SQL macros ``mean_count_*``."""

from __future__ import annotations

#: Below so many units a number is shown with its interval and neither ranked nor tested.
LEAST_UNITS = 20


def mean_variance(total: float, total_of_squares: float, units: float) -> float:
    """Variance of the mean of ``units`` counts that add up to ``total``, their squares to ``total_of_squares``.

    The sample variance over the units, but never below that of a Poisson count, which is its mean.
    """
    mean = total / units
    if units < 2:
        return mean / units
    return max((total_of_squares - total * mean) / (units - 1), mean) / units
