-- Under the rules in force fct_policy_option counts the referrals that fct_referral calls eligible: otherwise it prices a programme that nobody runs.
-- Stops the run: scenarios are computed from it.
with options as (
    select eligible_referrals
    from {{ ref('fct_policy_option') }}
    where is_in_force
),

verdicts as (
    select count(*) as eligible_referrals
    from {{ ref('fct_referral') }}
    where rule_outcome = 'eligible' and {{ is_mature('sent_at', 30) }}
)

select
    options.eligible_referrals,
    verdicts.eligible_referrals as eligible_by_verdict
from options
cross join verdicts
where options.eligible_referrals <> verdicts.eligible_referrals
