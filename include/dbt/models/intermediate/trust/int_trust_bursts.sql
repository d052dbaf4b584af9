-- Grain: one row per referrer_user_id with a velocity burst and applied referral_id of it. A burst is a week whose invitations brought more
-- newcomers than chance explains among people of that type in that week, and hardly any of them came back: a class that a teacher invites comes at
-- once too, and stays.
with newcomers as (
    select
        *,
        {{ monday_of('sent_at') }} as cohort_week
    from {{ ref('int_trust_newcomers') }}
),

weeks as (
    select
        odds.referrer_user_id,
        cast(odds.cohort_week as date) as cohort_week,
        odds.expected_newcomers,
        odds.chance_after_all,
        count(*) as newcomers,
        count(newcomers.came_back) as newcomers_judged,
        sum(case when newcomers.came_back then 1 else 0 end) as newcomers_back,
        max(newcomers.applied_at) as last_applied_at
    from {{ ref('int_trust_newcomer_odds') }} as odds
    inner join newcomers on odds.referrer_user_id = newcomers.referrer_user_id and odds.cohort_week = newcomers.cohort_week
    where odds.chance_after_all <= {{ threshold('trust_false_discovery') }}
    group by odds.referrer_user_id, odds.cohort_week, odds.expected_newcomers, odds.chance_after_all
    having
        count(newcomers.came_back) >= {{ threshold('trust_burst_newcomers') }}
        and sum(case when newcomers.came_back then 1 else 0 end) <= {{ threshold('trust_most_coming_back') }} * count(newcomers.came_back)
),

bursts as (
    select
        referrer_user_id,
        min(last_applied_at) as completed_at,
        min(cohort_week) as first_week,
        count(*) as weeks,
        cast(sum(newcomers) as bigint) as newcomers,
        cast(sum(newcomers_judged) as bigint) as newcomers_judged,
        cast(sum(newcomers_back) as bigint) as newcomers_back,
        min(chance_after_all) as chance_after_all
    from weeks
    group by referrer_user_id
)

select
    'velocity_burst' as signal_type,
    'user' as entity_type,
    bursts.referrer_user_id as entity_id,
    'few_came_back' as grade,
    newcomers.referral_id,
    bursts.completed_at,
    coalesce(money.at_risk_usd, 0) as amount_usd,
    {{ json_document({
        'first_week': 'bursts.first_week',
        'weeks': 'bursts.weeks',
        'newcomers': 'bursts.newcomers',
        'newcomers_judged': 'bursts.newcomers_judged',
        'newcomers_who_came_back': 'bursts.newcomers_back',
        'chance_after_all_comparisons': 'bursts.chance_after_all',
    }) }} as evidence_json
from bursts
inner join weeks on bursts.referrer_user_id = weeks.referrer_user_id
inner join newcomers on weeks.referrer_user_id = newcomers.referrer_user_id and weeks.cohort_week = newcomers.cohort_week
left join {{ ref('int_trust_money') }} as money on newcomers.referral_id = money.referral_id
where not coalesce(newcomers.came_back, false)
