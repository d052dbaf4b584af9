-- Grain: one row per spend_date and marketing_channel, its newest landed version.
with landed as (
    select
        *,
        row_number() over (partition by spend_date, marketing_channel order by _ds desc, _file desc, _line desc) as recency
    from {{ source('raw', 'acquisition_spend') }}
),

renamed as (
    select
        spend_date,
        marketing_channel,
        amount_usd
    from landed
    where recency = 1
)

select * from renamed
