-- The money of a day is the same in fct_purchase and in fct_user_day. Stops the run: one of the two was not rebuilt.
with by_purchase as (
    select
        purchase_date as activity_date,
        count(*) as purchases,
        sum(price_paid) as spend_usd,
        sum(points_earned) as points_earned
    from {{ ref('fct_purchase') }}
    group by purchase_date
),

by_user_day as (
    select
        activity_date,
        sum(purchases) as purchases,
        sum(spend_usd) as spend_usd,
        sum(points_earned) as points_earned
    from {{ ref('fct_user_day') }}
    group by activity_date
    having sum(purchases) > 0
)

select
    coalesce(by_purchase.activity_date, by_user_day.activity_date) as activity_date,
    by_purchase.spend_usd as spend_by_purchase,
    by_user_day.spend_usd as spend_by_user_day
from by_purchase
full outer join by_user_day on by_purchase.activity_date = by_user_day.activity_date
where
    by_purchase.purchases is distinct from by_user_day.purchases
    or by_purchase.spend_usd is distinct from by_user_day.spend_usd
    or by_purchase.points_earned is distinct from by_user_day.points_earned
