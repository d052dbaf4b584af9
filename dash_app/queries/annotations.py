"""What happened to everybody and may explain a bend of a line."""

from __future__ import annotations

import pandas as pd

from dash_app.queries.snapshot import Snapshot

_HAPPENED = """
select annotation_date as day, string_agg(title, '; ' order by kind, title) as title
from gold.fct_annotation
group by annotation_date
order by annotation_date
"""


def happened(snapshot: Snapshot) -> pd.DataFrame:
    """One row per day on which something happened: day, title. None from a build that has no annotations."""
    if not snapshot.has("gold.fct_annotation"):
        return pd.DataFrame({"day": [], "title": []})
    return snapshot.read(_HAPPENED)
