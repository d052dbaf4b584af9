"""Tables with the same types whether or not they have rows: the SQL behind them joins and casts either way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd


def stacked(tables: Sequence[pd.DataFrame], types: Mapping[str, str]) -> pd.DataFrame:
    """The tables one below the other, with the columns and types that ``types`` names, in its order."""
    if not tables:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})
    return pd.concat(tables, ignore_index=True)[list(types)].astype(dict(types))
