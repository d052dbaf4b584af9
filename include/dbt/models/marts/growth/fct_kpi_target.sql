-- Grain: one row per metric and valid_from: a target and how long it holds, until the next one of its metric. Rebuilt from the seed.
with targets as (select * from {{ ref('kpi_target') }})

select
    metric,
    from_month as valid_from,
    lead(from_month) over (partition by metric order by from_month) as valid_until,
    target,
    case when metric = 'active_supporters' then 'level' else 'sum' end as counts_as,
    set_by
from targets
