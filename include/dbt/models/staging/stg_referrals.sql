-- Grain: one row per referral_id, its newest landed version that T has passed. The newest row replaces the whole row, empty fields included.
with landed as (
    select
        *,
        row_number() over (partition by referral_id order by _ds desc, _file desc, _line desc) as recency
    from {{ source('raw', 'referrals') }}
    where sent_at < {{ as_of() }}
),

renamed as (
    select
        referral_id,
        referrer_user_id,
        referred_user_id,
        referral_code,
        referred_email,
        status as source_status,
        channel,
        sent_at,
        converted_at
    from landed
    where recency = 1
)

select * from renamed
