-- Grain: one row per case_id that a reviewer decided on, known or not: a case can go when its evidence is corrected, and a decision is never lost.
with cases as (select distinct case_id from {{ ref('int_trust_case_findings') }})

select
    decisions.case_id,
    decisions.decision,
    decisions.reason,
    decisions.decided_at,
    cases.case_id is not null as is_known_case
from {{ ref('stg_review_decisions') }} as decisions
left join cases on decisions.case_id = cases.case_id
