"""Who brings whom: the next-generation matrix by user type, its growth rate and what each entry does to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from include.analytics.network.tables import stacked

COLUMNS = {
    "window_days": "int64", "from_type": "string", "to_type": "string",
    "programme_r": "float64", "elasticity": "float64",
}  # fmt: skip


def growth(matrix: np.ndarray) -> tuple[float, np.ndarray]:
    """Spectral radius of a non-negative matrix, and its elasticities, which sum to 1; both 0 for one that dies out.

    ``matrix[a, b]`` is the number of users of type ``a`` that one user of type ``b`` brings; the spectral radius is the
    growth per generation (Diekmann, Heesterbeek and Metz 1990). An elasticity is the relative change of it by a
    relative change of one entry: m v_a w_b / (R v.w), with left and right eigenvectors v and w (Caswell, Matrix
    Population Models, 2001, section 9.2).
    """
    values, right = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    radius = float(values[largest].real)
    if radius <= 1e-12:
        return 0.0, np.zeros_like(matrix, dtype=float)
    left_values, left = np.linalg.eig(matrix.T)
    w = np.abs(right[:, largest].real)
    v = np.abs(left[:, int(np.argmax(left_values.real))].real)
    overlap = float(v @ w)
    if overlap <= 1e-12:  # a type that only receives: no entry moves the growth by itself
        return radius, np.zeros_like(matrix, dtype=float)
    return radius, matrix * np.outer(v, w) / (radius * overlap)


def next_generation(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row per window and ordered pair of user types; columns ``COLUMNS``.

    ``pairs`` has one row for each: columns window_days, from_type, to_type, mature_users (of ``from_type``) and
    offspring (of ``to_type``). A type without mature users brings nobody. ``programme_r`` repeats in a window.
    """
    tables = []
    for _, rows in pairs.sort_values(["window_days", "from_type", "to_type"]).groupby("window_days", sort=True):
        types = sorted({*rows["from_type"], *rows["to_type"]})
        expected = (rows["offspring"].astype(float) / rows["mature_users"].where(rows["mature_users"] > 0)).fillna(0.0)
        square = (
            rows.assign(expected=expected)
            .pivot_table(index="to_type", columns="from_type", values="expected", aggfunc="sum")
            .reindex(index=types, columns=types)
            .fillna(0.0)
        )
        radius, elasticities = growth(square.to_numpy(float))
        table = rows[["window_days", "from_type", "to_type"]].reset_index(drop=True)
        table["programme_r"] = radius
        table["elasticity"] = [
            elasticities[types.index(row.to_type), types.index(row.from_type)] for row in table.itertuples()
        ]
        tables.append(table.round(9))
    return stacked(tables, COLUMNS)
