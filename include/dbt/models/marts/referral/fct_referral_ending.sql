-- Grain: one row per cohort_week of sending, channel, rule_outcome and award_state. Rebuilt: small, and outcomes move with T. The groups are a
-- partition of all referrals: each has one outcome and one state of its rewards.
select
    cohort_week,
    channel,
    rule_outcome,
    award_state,
    rule_outcome not in ('open', 'onboarding_incomplete', 'no_qualifying_action')
    and not (rule_outcome = 'eligible' and award_state in ('due', 'overdue')) as is_ended,
    count(*) as referrals,
    cast(sum(count(*)) over (partition by cohort_week, channel) as bigint) as referrals_of_cohort,
    {{ rate('count(*)', 'sum(count(*)) over (partition by cohort_week, channel)') }} as share,
    {{ is_mature('cast(cohort_week as timestamp)', 37) }} as is_past_window
from {{ ref('fct_referral') }}
group by cohort_week, channel, rule_outcome, award_state
