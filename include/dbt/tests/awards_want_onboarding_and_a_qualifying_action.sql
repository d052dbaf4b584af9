{{ config(severity='warn') }}
-- Rules R4 and R5: reward_awarded requires onboarding and a qualifying action, so an award belongs to a referral that was eligible by then. Warns:
-- the money is already promised, a person has to look at it (award_state `improper`, or an award that came early).
select
    entry_id,
    referral_id,
    user_id,
    entry_at,
    amount_usd
from {{ ref('fct_rewards') }}
where entry_type = 'awarded' and not is_eligible_at_award
