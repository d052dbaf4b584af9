-- Grain: one row per window_hours: 24, 48, 72, 96 and the one in force. Rebuilt: small, and maturity moves with T. Over sends mature for 30 days,
-- the same as conversion. Every other rule holds as it is; the credit (R7) is given anew among the applications that the window lets in, so that a
-- wider window can also take it from a later referral of the same user.
with windows as (
    {{ listed_rows(['window_hours'], [(24,), (48,), (72,), (96,)]) }}
    union
    select attribution_hours as window_hours
    from {{ ref('int_policy') }}
),

valid as (
    select
        windows.window_hours,
        referrals.referral_id,
        referrals.referred_user_id,
        referrals.sent_at,
        referrals.onboarded_at,
        referrals.qualified_at,
        referrals.applied_at,
        row_number() over (
            partition by windows.window_hours, referrals.referred_user_id order by referrals.applied_at, referrals.referral_id
        ) = 1 as is_credited
    from {{ ref('fct_referral') }} as referrals
    cross join windows
    where
        referrals.is_referrer_verified
        and referrals.is_new_user
        and not referrals.is_self_referral
        and (
            referrals.applied_at <= referrals.signup_at
            or referrals.applied_at <= {{ hours_after('coalesce(referrals.first_install_at, referrals.signup_at)', 'windows.window_hours') }}
        )
),

eligible as (
    select
        window_hours,
        referral_id,
        referred_user_id,
        greatest(applied_at, onboarded_at, qualified_at) as eligible_at
    from valid
    where
        is_credited
        and onboarded_at is not null
        and qualified_at is not null
        and {{ is_mature('sent_at', 30) }}
        and greatest(applied_at, onboarded_at, qualified_at) <= {{ hours_after('sent_at', 30 * 24) }}
),

bonuses as (
    select
        reward_type,
        amount_usd,
        effective_from,
        lead(effective_from) over (partition by reward_type order by effective_from) as effective_until
    from {{ ref('reward_bonus') }}
),

bonuses_due as (
    select
        eligible.window_hours,
        eligible.referral_id,
        sum(bonuses.amount_usd) as bonus_usd -- of both sides
    from eligible
    inner join bonuses
        on
            eligible.eligible_at >= bonuses.effective_from
            and (eligible.eligible_at < bonuses.effective_until or bonuses.effective_until is null)
    group by eligible.window_hours, eligible.referral_id
),

raised as (
    select
        user_id,
        sum(amount_raised_usd) as raised_usd
    from {{ ref('fct_purchase') }}
    group by user_id
),

sends as (
    select count(*) as mature_sent
    from {{ ref('int_referral_steps') }}
    where is_mature
),

totals as (
    select
        windows.window_hours,
        count(eligible.referral_id) as eligible,
        sum(coalesce(bonuses_due.bonus_usd, 0)) as bonus_usd,
        sum(coalesce(raised.raised_usd, 0)) as raised_usd
    from windows
    left join eligible on windows.window_hours = eligible.window_hours
    left join bonuses_due on eligible.window_hours = bonuses_due.window_hours and eligible.referral_id = bonuses_due.referral_id
    left join raised on eligible.referred_user_id = raised.user_id
    group by windows.window_hours
)

select
    totals.window_hours,
    totals.window_hours = policy.attribution_hours as is_in_force,
    sends.mature_sent,
    totals.eligible,
    {{ rate('totals.eligible', 'sends.mature_sent') }} as conversion,
    {{ wilson_low('totals.eligible', 'sends.mature_sent') }} as conversion_low,
    {{ wilson_high('totals.eligible', 'sends.mature_sent') }} as conversion_high,
    totals.eligible - in_force.eligible as eligible_change,
    cast(totals.bonus_usd as decimal(18, 2)) as bonus_usd,
    cast(totals.bonus_usd - in_force.bonus_usd as decimal(18, 2)) as bonus_change_usd,
    cast(totals.raised_usd as decimal(18, 6)) as raised_usd,
    cast(totals.raised_usd - in_force.raised_usd as decimal(18, 6)) as raised_change_usd
from totals
cross join sends
cross join {{ ref('int_policy') }} as policy
inner join totals as in_force on policy.attribution_hours = in_force.window_hours
