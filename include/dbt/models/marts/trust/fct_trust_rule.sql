-- Grain: one row per signal_type that occurs in a case: what reviewers made of its cases. Only cases decided one way or the other enter the
-- precision; a held one waits. The money of a case counts for each of its types.
with case_types as (
    select distinct
        case_id,
        signal_type,
        kind
    from {{ ref('int_trust_case_findings') }}
),

case_sizes as (
    select
        case_id,
        count(*) as signal_types
    from case_types
    group by case_id
),

rules as (
    select
        case_types.signal_type,
        case_types.kind,
        count(*) as cases,
        sum(case when case_sizes.signal_types = 1 then 1 else 0 end) as cases_by_it_alone,
        sum(case when cases.state in ('confirmed', 'cleared') then 1 else 0 end) as cases_decided,
        sum(case when cases.state = 'confirmed' then 1 else 0 end) as cases_confirmed,
        sum(cases.amount_at_risk_usd) as amount_at_risk_usd,
        sum(case when cases.state = 'confirmed' then cases.amount_at_risk_usd else 0 end) as confirmed_usd,
        sum(case when cases.state = 'cleared' then cases.amount_at_risk_usd else 0 end) as cleared_usd
    from case_types
    inner join case_sizes on case_types.case_id = case_sizes.case_id
    inner join {{ ref('fct_review_case') }} as cases on case_types.case_id = cases.case_id
    group by case_types.signal_type, case_types.kind
)

select
    signal_type,
    kind,
    cast(cases as integer) as cases,
    cast(cases_by_it_alone as integer) as cases_by_it_alone,
    cast(cases_decided as integer) as cases_decided,
    cast(cases_confirmed as integer) as cases_confirmed,
    {{ rate('cases_confirmed', 'cases_decided') }} as confirmed_share,
    {{ wilson_low('cases_confirmed', 'cases_decided') }} as confirmed_share_low,
    {{ wilson_high('cases_confirmed', 'cases_decided') }} as confirmed_share_high,
    cast(amount_at_risk_usd as decimal(18, 2)) as amount_at_risk_usd,
    cast(confirmed_usd as decimal(18, 2)) as confirmed_usd,
    cast(cleared_usd as decimal(18, 2)) as cleared_usd
from rules
