{% set window_days = 30 %}
-- Grain: one row per referral_id: which steps it reached within 30 days of being sent, each later one only after those before it, and whether 30
-- days and 7 more for late data have passed. Clicks stand aside: a code that is told in person is applied without one. An award counts when both
-- sides have it within the hours after which the programme calls it overdue.
with timed as (
    select
        referrals.*,
        {{ is_mature('referrals.sent_at', window_days) }} as is_mature,
        {{ hours_after('referrals.sent_at', window_days * 24) }} as ends_at,
        {{ hours_after('referrals.eligible_at', 'policy.overdue_hours') }} as award_expected_at
    from {{ ref('fct_referral') }} as referrals
    cross join {{ ref('int_policy') }} as policy
),

in_time as (
    select
        *,
        is_clicked and coalesce(clicked_at <= ends_at, true) as has_clicked,
        coalesce(applied_at <= ends_at, false) as has_applied,
        coalesce(first_install_at >= sent_at and first_install_at <= ends_at, false) as is_install_seen,
        coalesce(onboarded_at <= ends_at, false) as is_onboarded_in_time,
        coalesce(qualified_at <= ends_at, false) as is_qualified_in_time,
        coalesce(eligible_at <= ends_at, false) as has_become_eligible,
        coalesce(referrer_awarded_at <= award_expected_at and referred_awarded_at <= award_expected_at, false) as is_awarded_in_time
    from timed
)

select
    referral_id,
    referrer_user_id,
    referred_user_id,
    cohort_week,
    channel,
    referrer_user_type,
    referrer_school_id,
    is_mature,
    has_clicked,
    is_install_seen or has_applied as has_installed,
    has_applied,
    has_applied and not has_clicked as has_applied_without_click,
    has_applied and is_onboarded_in_time as has_onboarded,
    has_applied and is_onboarded_in_time and is_qualified_in_time as has_qualified,
    has_become_eligible,
    has_become_eligible and is_awarded_in_time as has_been_awarded
from in_time
