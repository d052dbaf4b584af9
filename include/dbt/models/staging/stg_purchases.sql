{{ config(
    materialized='incremental', incremental_strategy='versions_replace', key='purchase_id', day_column='purchase_date', versions='versions_of_touched_purchases',
    on_schema_change='fail',
) }}
-- Grain: one row per purchase_id, its newest landed version that T has passed. Incremental: only ids that landed since the last build, or in the
-- window, are looked at again.
with landed as (
    select
        *,
        row_number() over (partition by purchase_id order by _ds desc, _file desc, _line desc) as recency
    from ({{ landed_rows('purchases', 'versions_of_touched_purchases') }}) as landed_rows
    where purchased_at < {{ as_of() }}
),

renamed as (
    select
        purchase_id,
        user_id,
        product_id,
        quantity,
        price_paid,
        points_earned,
        day_of_week as delivered_day_of_week,
        hour_of_day as delivered_hour_of_day,
        purchased_at,
        cast(purchased_at as date) as purchase_date
    from landed
    where recency = 1
)

select * from renamed
