-- Grain: one row per user_id, its newest landed version.
with landed as (
    select
        *,
        row_number() over (partition by user_id order by _ds desc, _file desc, _line desc) as recency
    from {{ source('raw', 'users') }}
),

renamed as (
    select
        user_id,
        school_id,
        email,
        user_type,
        first_name,
        last_name,
        device_id,
        payment_fingerprint,
        marketing_channel,
        is_verified,
        created_at
    from landed
    where recency = 1
)

select * from renamed
