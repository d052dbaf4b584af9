{{ config(materialized='incremental', incremental_strategy='window_replace', day_column='purchase_date') }}
-- Grain: one row per purchase_id. Incremental: the window's days and the purchases of changed users are replaced.
with purchases as (
    {{ rows_in_rebuilt_scope(ref('stg_purchases'), 'purchase_date') }}
)

select
    purchases.purchase_id,
    purchases.user_id,
    purchases.product_id,
    coalesce(history.school_id, -1) as school_id,
    purchases.purchased_at,
    purchases.purchase_date,
    purchases.quantity,
    purchases.price_paid,
    purchases.points_earned,
    cast(purchases.points_earned * policy.point_value_usd as decimal(18, 6)) as amount_raised_usd,
    first_purchases.purchase_id is not null as is_first_purchase,
    {{ weekday_name('purchases.purchased_at') }} as day_of_week,
    cast(extract(hour from purchases.purchased_at) as integer) as hour_of_day
from purchases
cross join {{ ref('int_policy') }} as policy
left join {{ ref('int_school_history') }} as history
    on
        purchases.user_id = history.user_id
        and purchases.purchased_at >= history.valid_from
        and purchases.purchased_at < history.valid_to
left join {{ ref('int_first_purchases') }} as first_purchases on purchases.purchase_id = first_purchases.purchase_id
