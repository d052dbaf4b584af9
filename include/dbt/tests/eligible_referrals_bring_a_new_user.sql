-- Rule R2, judged again from users and install events: an eligible referral brought somebody who had no account before it was sent and whose first
-- install is no re-install. Stops the run: two bonuses would be promised for an old user.
with installs as (
    select
        user_id,
        is_reinstall,
        row_number() over (partition by user_id order by event_at, event_id) as occurrence
    from {{ ref('stg_events') }}
    where event_type = 'install'
)

select
    referrals.referral_id,
    referrals.referred_user_id,
    referrals.sent_at,
    users.created_at,
    installs.is_reinstall
from {{ ref('fct_referral') }} as referrals
left join {{ ref('stg_users') }} as users on referrals.referred_user_id = users.user_id
left join installs on referrals.referred_user_id = installs.user_id and installs.occurrence = 1
where
    referrals.rule_outcome = 'eligible'
    and (users.created_at is null or users.created_at < referrals.sent_at or coalesce(installs.is_reinstall, false))
