-- Grain: one row per entity_type and entity_id of a case decided `confirmed` or `held`. The fraud filter leaves these out by an anti-join: those
-- that are confirmed, or both. Who is in two cases stands here once, by the harder decision.
select
    members.entity_type,
    members.entity_id,
    case when bool_or(decisions.decision = 'confirmed') then 'confirmed' else 'held' end as decision
from {{ ref('fct_review_case_member') }} as members
inner join {{ ref('stg_review_decisions') }} as decisions on members.case_id = decisions.case_id
where decisions.decision in ('confirmed', 'held')
group by members.entity_type, members.entity_id
