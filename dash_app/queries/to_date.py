"""What gold knows today for the views that are still being built: small counts over all days.

Every frame has one row per kind. Columns: kind, number; ``of`` where the number is a part of something.
"""

from __future__ import annotations

import pandas as pd

from dash_app.queries.snapshot import Snapshot

_UNVERIFIED = """
select 'Accounts that are not verified' as kind, count(*) filter (where not is_verified) as number, count(*) as "of"
from gold.dim_user
"""

_SELF_REFERRED = """
select 'Referrals of oneself' as kind, count(*) filter (where is_self_referral) as number, count(*) as "of"
from gold.fct_referral
"""


def suspicious(snapshot: Snapshot) -> pd.DataFrame:
    """Unverified accounts and, where the build judges them, referrals of oneself."""
    frames = [snapshot.read(_UNVERIFIED)]
    if snapshot.has("gold.fct_referral.is_self_referral"):
        frames.append(snapshot.read(_SELF_REFERRED))
    found = pd.concat(frames, ignore_index=True)
    return found[found["of"] > 0]
