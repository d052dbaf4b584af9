-- Grain: one row per referral_id, with what the rules ask about both people. The steps are the referred user's own, from any event of theirs.
select
    referrals.referral_id,
    referrals.referrer_user_id,
    referrals.referred_user_id,
    referrals.referred_email,
    referrals.channel,
    referrals.source_status,
    referrals.sent_at,
    referrals.clicked_at,
    referrals.applied_at,
    referrers.user_id is not null as is_referrer_known,
    referrers.is_verified as referrer_is_verified,
    referrers.user_type as referrer_user_type,
    referred.user_id is not null as is_referred_known,
    referred.created_at as signup_at,
    milestones.first_install_at,
    coalesce(milestones.is_first_install_reinstall, false) as is_first_install_reinstall,
    milestones.onboarded_at,
    milestones.first_scan_at,
    milestones.school_linked_at
from {{ ref('int_referrals_resolved') }} as referrals
left join {{ ref('stg_users') }} as referrers on referrals.referrer_user_id = referrers.user_id
left join {{ ref('stg_users') }} as referred on referrals.referred_user_id = referred.user_id
left join {{ ref('int_user_milestones') }} as milestones on referrals.referred_user_id = milestones.user_id
