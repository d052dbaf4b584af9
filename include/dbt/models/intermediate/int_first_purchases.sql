-- Grain: one row per user_id with a purchase: the user's earliest one; at equal times the lower purchase_id.
with ranked as (
    select
        user_id,
        purchase_id,
        row_number() over (partition by user_id order by purchased_at, purchase_id) as purchase_number
    from {{ ref('stg_purchases') }}
)

select
    user_id,
    purchase_id
from ranked
where purchase_number = 1
