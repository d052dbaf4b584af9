-- Grain: one row per day, metric and activity_date up to that day: what had landed by the end of the day. The counts are those of int_volume_counts and
-- int_volume_days, which know one T only; a row counts from the day of its first landing on. Parameters: first, last, history_days.
with events as (
    select
        event_id as id,
        any_value(event_type) as event_type,
        min(event_at) as moment,
        min(_ds) as ds,
        any_value(struct_pack(user_id := user_id, referral_id := referral_id, scan_id := metadata_json ->> '$.scan_id')) as content
    from raw.events
    group by event_id
),

purchases as (
    select
        purchase_id as id,
        min(purchased_at) as moment,
        min(_ds) as ds,
        any_value(struct_pack(user_id := user_id, product_id := product_id, quantity := quantity, price_paid := price_paid)) as content
    from raw.purchases
    group by purchase_id
),

users as (
    select
        cast(min(created_at) as date) as activity_date,
        min(_ds) as ds,
        arg_min(marketing_channel is null, _ds) as is_without_channel
    from raw.users
    group by user_id
    having min(created_at) >= (select min(moment) from events)
),

told as (
    select
        event_type,
        cast(moment as date) as activity_date,
        ds,
        row_number() over (partition by event_type, moment, content order by ds, id) > 1 as is_repeated
    from events
),

bought as (
    select
        cast(moment as date) as activity_date,
        ds,
        row_number() over (partition by moment, content order by ds, id) > 1 as is_repeated
    from purchases
),

landings as (
    select 'events' as metric, activity_date, ds, count(*) as actual, count_if(is_repeated) as repeated from told group by all
    union all
    select 'events.' || event_type, activity_date, ds, count(*), count_if(is_repeated) from told group by all
    union all
    select 'rewards_awarded', activity_date, ds, count(*), 0 from told where event_type = 'reward_awarded' group by all
    union all
    select 'purchases', activity_date, ds, count(*), count_if(is_repeated) from bought group by all
    union all
    select 'referrals_sent', cast(min(sent_at) as date), min(_ds), 1, 0 from raw.referrals group by referral_id
    union all
    select 'signups', activity_date, ds, count(*), 0 from users group by all
    union all
    select 'signups.without_channel', activity_date, ds, count_if(is_without_channel), 0 from users group by all
),

days as (
    select cast(unnest(generate_series(cast($first as timestamp), cast($last as timestamp), interval 1 day)) as date) as day
),

metrics as (
    select day, metric, min(activity_date) as first_seen
    from days
    inner join landings on ds <= day and activity_date <= day
    group by all
),

grid as (
    select
        day,
        metric,
        first_seen,
        cast(unnest(generate_series(
            cast(greatest(first_seen, day - $history_days) as timestamp), cast(day as timestamp), interval 1 day
        )) as date) as activity_date
    from metrics
),

counted as (
    select day, metric, activity_date, sum(actual) as actual, sum(repeated) as repeated
    from days
    inner join landings on ds <= day and activity_date between day - $history_days and day
    group by all
)

select
    day,
    metric,
    activity_date,
    cast(coalesce(actual, 0) as bigint) as actual,
    cast(coalesce(repeated, 0) as bigint) as repeated,
    cast(activity_date - first_seen as integer) as history_days
from grid
left join counted using (day, metric, activity_date)
order by all
