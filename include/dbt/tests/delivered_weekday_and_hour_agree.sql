{{ config(severity='warn') }}
-- A delivered weekday or hour that differs from purchased_at in UTC. Warns: gold derives both itself, but the source's clock may be off. Both are
-- texts of the source's own: an hour that is no number differs, and must not stop the build.
select
    purchase_id,
    purchased_at,
    delivered_day_of_week,
    delivered_hour_of_day
from {{ ref('stg_purchases') }}
where
    delivered_day_of_week <> {{ weekday_name('purchased_at') }}
    or (delivered_hour_of_day is not null and coalesce(try_cast(delivered_hour_of_day as double) <> extract(hour from purchased_at), true))
