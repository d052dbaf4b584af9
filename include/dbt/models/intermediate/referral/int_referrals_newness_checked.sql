-- Grain: one row per referral_id. Rule R2: the referred person was no user before the invitation was sent, and a re-install is not new.
-- Null without a referred user. An applied referral whose referred user is not in users fails.
select
    referral_id,
    case
        when referred_user_id is null then null
        when applied_at is not null and not is_referred_known then false
        else signup_at >= sent_at and not is_first_install_reinstall
    end as is_new_user
from {{ ref('int_referrals_timed') }}
