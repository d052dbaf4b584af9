"""Are we growing, and what moved the money: growth accounting, the driver tree, and the targets. Of everybody."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

#: How many weeks stand side by side.
WEEKS_SHOWN = 12

_ACCOUNTS = """
select period_start, period_end, opening_users, new_users, resurrected_users, churned_users, retained_users,
    closing_users, quick_ratio, is_mature
from gold.fct_growth_period
where variant = 'active' and window_days = 7 and is_observed and period_end between $end::date - $days and $end
order by period_end
"""

# The longest period that is observed and complete says most; a young history has weeks only.
_DRIVERS = """
select
    now.window_days, now.period_start, now.period_end, now.supporters, before.supporters as supporters_before,
    now.scans_per_supporter, before.scans_per_supporter as scans_per_supporter_before,
    now.usd_per_scan, before.usd_per_scan as usd_per_scan_before,
    now.raised_usd::double as raised_usd, now.raised_before_usd::double as raised_before_usd,
    now.change_usd::double as change_usd, now.change_by_supporters_usd, now.change_by_scans_each_usd,
    now.change_by_usd_per_scan_usd, now.zero_factor, now.scans, before.scans as scans_before
from gold.fct_raised_drivers as now
left join gold.fct_raised_drivers as before
    on before.window_days = now.window_days and before.period_end = now.period_start - 1
where now.is_observed and now.is_mature and now.period_end <= $end
    and (now.raised_usd > 0 or now.raised_before_usd > 0)
order by now.window_days desc, now.period_end desc
limit 1
"""

# A month's target is spread over its days, so that a period is held against as many days as it has.
_TARGETS = """
with days as (
    select unnest(generate_series($start::date, $end::date, interval 1 day))::date as day
)
select
    metric,
    case
        when counts_as = 'sum' then sum(target::double / day(last_day(day)))
        else arg_max(target::double, day)
    end as target,
    string_agg(distinct set_by, '; ' order by set_by) as set_by
from days
inner join gold.fct_kpi_target as targets
    on days.day >= targets.valid_from and (targets.valid_until is null or days.day < targets.valid_until)
group by metric, counts_as
having count(*) = $days
order by metric
"""


def accounts(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per week, the last twelve whole ones by the end of the period: active users gained, kept and lost.

    opening + new + resurrected - churned = closing; columns as ``gold.fct_growth_period`` has them. Weeks at the
    beginning of the records, when everybody seems new, are left out.
    """
    return snapshot.read(_ACCOUNTS, {"end": filters.end, "days": 7 * WEEKS_SHOWN - 1})


def drivers(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """At most one row: the latest complete period by the end of the one chosen, 28 days where the history has them.

    Columns: those of ``gold.fct_raised_drivers``, and the factors of the period before as ``*_before``.
    """
    return snapshot.read(_DRIVERS, {"end": filters.end})


def targets(snapshot: Snapshot, filters: Filters, bounds: Bounds) -> pd.DataFrame:
    """One row per metric that has a target on every day of the period: metric, target, set_by.

    ``target`` is for as many days as the period has, a level for active_supporters. No rows where the numbers cannot be
    held against it: for a part of the users, before anything was recorded, or from a build that has no targets.
    """
    of_everybody = not filters.is_narrowed and filters.start >= bounds.facts_from
    if not of_everybody or not snapshot.has("gold.fct_kpi_target"):
        return pd.DataFrame({"metric": [], "target": [], "set_by": []})
    return snapshot.read(_TARGETS, {"start": filters.start, "end": filters.end, "days": filters.days})
