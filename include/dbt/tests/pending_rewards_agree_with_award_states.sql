-- A referral with an overdue side is one whose reward waits on the system at T; the two are worked out apart.
with overdue as (
    select count(*) as referrals
    from {{ ref('fct_referral') }}
    where award_state = 'overdue'
),

waiting as (
    select referrals
    from {{ ref('fct_reward_pending_day') }}
    where waiting_on = 'system' and activity_date = {{ days_after('cast(' ~ as_of() ~ ' as date)', -1) }}
)

select
    overdue.referrals as overdue_referrals,
    waiting.referrals as waiting_referrals
from overdue
cross join waiting
where overdue.referrals <> waiting.referrals
