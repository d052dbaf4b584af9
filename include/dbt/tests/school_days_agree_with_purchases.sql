-- The money of a day is the same by purchase and by school. Stops the run: one of the two was not rebuilt.
with by_purchase as (
    select
        purchase_date as activity_date,
        school_id,
        sum(amount_raised_usd) as amount_raised_usd
    from {{ ref('fct_purchase') }}
    group by purchase_date, school_id
)

select
    coalesce(by_purchase.activity_date, by_school.activity_date) as activity_date,
    coalesce(by_purchase.school_id, by_school.school_id) as school_id,
    by_purchase.amount_raised_usd as raised_by_purchase,
    by_school.amount_raised_usd as raised_by_school
from by_purchase
full outer join {{ ref('fct_school_day') }} as by_school
    on by_purchase.activity_date = by_school.activity_date and by_purchase.school_id = by_school.school_id
where coalesce(by_purchase.amount_raised_usd, 0) <> coalesce(by_school.amount_raised_usd, 0)
