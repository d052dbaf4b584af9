-- Grain: one row per case_id: what a reviewer decides about in one go, a group of people or a single referral or user. Points of different types of
-- signal add up, so that anybody can say why a case stands where it stands; two signals of one type say the same thing twice and count once.
with findings as (select * from {{ ref('int_trust_case_findings') }}),

types as (
    select
        case_id,
        signal_type,
        max(points) as points
    from findings
    group by case_id, signal_type
),

scored as (
    select
        case_id,
        least(sum(points), {{ threshold('trust_surest') }}) as points,
        string_agg(signal_type, ', ' order by points desc, signal_type asc) as reasons
    from types
    group by case_id
),

-- several signals about one referral are about the same money; a redemption without an award is apart from what was awarded
amounts as (
    select
        case_id,
        coalesce(max(case when signal_type <> 'orphan_redemption' then amount_usd end), 0)
        + sum(case when signal_type = 'orphan_redemption' then amount_usd else 0 end) as amount_usd
    from findings
    group by case_id, referral_id
),

money as (
    select
        case_id,
        sum(amount_usd) as amount_usd
    from amounts
    group by case_id
),

counted as (
    select
        case_id,
        bool_or(is_group) as is_group,
        max(case_kind) as case_kind,
        count(distinct signal_id) as signals,
        count(distinct referral_id) as referrals,
        min(completed_at) as first_detected_at,
        max(completed_at) as last_detected_at
    from findings
    group by case_id
),

people as (
    select
        case_id,
        count(*) as users
    from {{ ref('fct_review_case_member') }}
    where entity_type = 'user'
    group by case_id
),

cases as (
    select
        counted.case_id,
        case when counted.is_group then 'group' when counted.referrals > 0 then 'referral' else 'user' end as case_type,
        counted.case_kind,
        coalesce(decisions.decision, 'open') as state,
        decisions.decided_at,
        decisions.reason as decision_reason,
        coalesce(counted.last_detected_at > decisions.decided_at, false) as has_news_since_decision,
        scored.reasons,
        scored.points,
        counted.signals,
        coalesce(people.users, 0) as users,
        counted.referrals,
        cast(money.amount_usd as decimal(18, 2)) as amount_at_risk_usd,
        cast(money.amount_usd * scored.points / 100 as decimal(18, 2)) as expected_loss_usd,
        counted.first_detected_at,
        counted.last_detected_at
    from counted
    inner join scored on counted.case_id = scored.case_id
    inner join money on counted.case_id = money.case_id
    left join people on counted.case_id = people.case_id
    left join {{ ref('stg_review_decisions') }} as decisions on counted.case_id = decisions.case_id
)

select
    case_id,
    case_type,
    case_kind,
    state,
    decided_at,
    decision_reason,
    has_news_since_decision,
    reasons,
    cast(points as integer) as score,
    case when points >= 60 then 'high' when points >= 30 then 'medium' else 'low' end as severity,
    cast(signals as integer) as signals,
    cast(users as integer) as users,
    cast(referrals as integer) as referrals,
    amount_at_risk_usd,
    expected_loss_usd,
    first_detected_at,
    last_detected_at,
    case
        when state = 'open'
            then cast(row_number() over (partition by state order by expected_loss_usd desc, points desc, case_id asc) as integer)
    end as queue_position
from cases
