-- Grain: one row per referral_id that is paid and not eligible (improper_award), or eligible and not paid for longer than the programme asks people
-- to wait (overdue_reward). What is overdue is owed to people: it is shown beside the rest and is no sign of abuse.
with referrals as (
    select
        referrals.referral_id,
        referrals.referrer_user_id,
        referrals.referred_user_id,
        referrals.rule_outcome,
        referrals.award_state,
        referrals.eligible_at,
        least(
            case when awards.referrer_side = 'awarded' then awards.referrer_awarded_at end,
            case when awards.referred_side = 'awarded' then awards.referred_awarded_at end
        ) as awarded_at
    from {{ ref('fct_referral') }} as referrals
    left join {{ ref('int_referral_awards') }} as awards on referrals.referral_id = awards.referral_id
    where referrals.award_state in ('improper', 'overdue')
)

select
    case when referrals.award_state = 'improper' then 'improper_award' else 'overdue_reward' end as signal_type,
    'referral' as entity_type,
    referrals.referral_id as entity_id,
    case
        when referrals.award_state = 'overdue' then 'waiting'
        when referrals.rule_outcome in ('open', 'onboarding_incomplete', 'no_qualifying_action') then 'not_yet_eligible'
        else 'rules_denied'
    end as grade,
    referrals.referral_id,
    case
        when referrals.award_state = 'improper' then referrals.awarded_at
        else {{ hours_after('referrals.eligible_at', 'policy.overdue_hours') }}
    end as completed_at,
    coalesce(case when referrals.award_state = 'improper' then money.paid_usd else money.due_usd end, 0) as amount_usd,
    {{ json_document({
        'referrer_user_id': 'referrals.referrer_user_id',
        'referred_user_id': 'referrals.referred_user_id',
        'rule_outcome': 'referrals.rule_outcome',
        'awarded_at': 'referrals.awarded_at',
        'eligible_at': 'referrals.eligible_at',
    }) }} as evidence_json
from referrals
cross join {{ ref('int_policy') }} as policy
left join {{ ref('int_trust_money') }} as money on referrals.referral_id = money.referral_id
