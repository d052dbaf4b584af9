{{ config(materialized='incremental', incremental_strategy='touched_keys_replace', key='referral_id', touched='touched_referrals') }}
-- Grain: one row per referral_id, including those that earn nothing. Incremental: every referral that a landed row or the passing of time touched.
with referrals as (
    select
        timed.*,
        referrer.is_referrer_verified,
        newness.is_new_user,
        in_time.is_within_48h,
        onboarding.is_onboarded,
        qualified.qualified_at,
        qualified.qualifying_action,
        self_check.is_self_referral,
        credited.is_credited
    from {{ ref('int_referrals_timed') }} as timed
    inner join {{ ref('int_referrals_referrer_checked') }} as referrer on timed.referral_id = referrer.referral_id
    inner join {{ ref('int_referrals_newness_checked') }} as newness on timed.referral_id = newness.referral_id
    inner join {{ ref('int_referrals_window_checked') }} as in_time on timed.referral_id = in_time.referral_id
    inner join {{ ref('int_referrals_onboarding_checked') }} as onboarding on timed.referral_id = onboarding.referral_id
    inner join {{ ref('int_referrals_qualified') }} as qualified on timed.referral_id = qualified.referral_id
    inner join {{ ref('int_referrals_self_checked') }} as self_check on timed.referral_id = self_check.referral_id
    inner join {{ ref('int_referrals_credited') }} as credited on timed.referral_id = credited.referral_id
    where {{ is_touched('referral_id', 'touched_referrals', column='timed.referral_id') }}
),

decided as (
    select
        referrals.*,
        case
            when referrals.applied_at is null and {{ hours_after('referrals.sent_at', 'policy.open_days * 24') }} > {{ as_of() }} then 'open'
            when referrals.applied_at is null then 'expired'
            when referrals.is_self_referral then 'self_referral'
            when not referrals.is_referrer_verified then 'referrer_unverified'
            when not coalesce(referrals.is_new_user, false) then 'not_new'
            when not referrals.is_within_48h then 'outside_window'
            when not referrals.is_credited then 'duplicate_credit'
            when not referrals.is_onboarded then 'onboarding_incomplete'
            when referrals.qualified_at is null then 'no_qualifying_action'
            else 'eligible'
        end as rule_outcome
    from referrals
    cross join {{ ref('int_policy') }} as policy
),

rewarded as (
    select
        decided.*,
        case
            when decided.rule_outcome = 'eligible' then greatest(decided.applied_at, decided.onboarded_at, decided.qualified_at)
        end as eligible_at,
        awards.referrer_awarded_at,
        awards.referred_awarded_at,
        coalesce(awards.referrer_side, 'open') as referrer_side,
        coalesce(awards.referred_side, 'open') as referred_side
    from decided
    left join {{ ref('int_referral_awards') }} as awards on decided.referral_id = awards.referral_id
)

select
    rewarded.referral_id,
    rewarded.referrer_user_id,
    rewarded.referred_user_id,
    rewarded.channel,
    rewarded.source_status,
    {{ monday_of('rewarded.sent_at') }} as cohort_week,
    coalesce(history.school_id, -1) as referrer_school_id,
    rewarded.referrer_user_type,
    rewarded.sent_at,
    rewarded.clicked_at,
    rewarded.first_install_at,
    rewarded.signup_at,
    rewarded.applied_at,
    rewarded.onboarded_at,
    rewarded.first_scan_at,
    rewarded.school_linked_at,
    rewarded.qualified_at,
    rewarded.qualifying_action,
    rewarded.clicked_at is not null or rewarded.source_status in ('clicked', 'converted') as is_clicked,
    rewarded.is_referrer_verified,
    rewarded.is_new_user,
    rewarded.is_within_48h,
    rewarded.is_self_referral,
    rewarded.is_credited,
    rewarded.eligible_at,
    rewarded.rule_outcome,
    rewarded.referrer_awarded_at,
    rewarded.referred_awarded_at,
    case
        when rewarded.rule_outcome <> 'eligible' and 'awarded' in (rewarded.referrer_side, rewarded.referred_side) then 'improper'
        when rewarded.rule_outcome <> 'eligible' and 'withheld' in (rewarded.referrer_side, rewarded.referred_side) then 'withheld'
        when rewarded.rule_outcome <> 'eligible' then 'none'
        when 'open' in (rewarded.referrer_side, rewarded.referred_side)
            then case when {{ as_of() }} <= {{ hours_after('rewarded.eligible_at', 'policy.overdue_hours') }} then 'due' else 'overdue' end
        when 'withheld' in (rewarded.referrer_side, rewarded.referred_side) then 'withheld'
        else 'awarded'
    end as award_state
from rewarded
cross join {{ ref('int_policy') }} as policy
left join {{ ref('int_school_history') }} as history
    on
        rewarded.referrer_user_id = history.user_id
        and rewarded.sent_at >= history.valid_from
        and rewarded.sent_at < history.valid_to
