-- Grain: one row per referral_id. Rule R6: referrer and referred share no device, e-mail (after normalising) or payment method. Never null: without a
-- referred user only the address the invitation went to is compared.
with referrals as (select * from {{ ref('int_referrals_timed') }}),

emails as (select * from {{ ref('int_user_emails') }}),

shared_devices as (
    select distinct referrals.referral_id
    from referrals
    inner join {{ ref('int_user_devices') }} as mine on referrals.referrer_user_id = mine.user_id
    inner join {{ ref('int_user_devices') }} as theirs on referrals.referred_user_id = theirs.user_id and mine.device_id = theirs.device_id
),

shared_payments as (
    select distinct referrals.referral_id
    from referrals
    inner join {{ ref('int_user_payments') }} as mine on referrals.referrer_user_id = mine.user_id
    inner join {{ ref('int_user_payments') }} as theirs
        on referrals.referred_user_id = theirs.user_id and mine.payment_fingerprint = theirs.payment_fingerprint
),

compared as (
    select
        referrals.referral_id,
        coalesce(referrals.referrer_user_id = referrals.referred_user_id, false) as is_same_user,
        shared_devices.referral_id is not null as is_device_shared,
        shared_payments.referral_id is not null as is_payment_shared,
        coalesce(mine.email_key = theirs.email_key, false)
        or coalesce(mine.email_key = {{ email_key('referrals.referred_email') }}, false) as is_email_shared
    from referrals
    left join shared_devices on referrals.referral_id = shared_devices.referral_id
    left join shared_payments on referrals.referral_id = shared_payments.referral_id
    left join emails as mine on referrals.referrer_user_id = mine.user_id
    left join emails as theirs on referrals.referred_user_id = theirs.user_id
)

select
    referral_id,
    is_same_user,
    is_device_shared,
    is_payment_shared,
    is_email_shared,
    is_same_user or is_device_shared or is_payment_shared or is_email_shared as is_self_referral
from compared
