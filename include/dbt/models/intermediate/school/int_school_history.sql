-- Grain: one row per user_id and interval [valid_from, valid_to) in which the user was linked to one school; -1 where none is known. The intervals of
-- a user cover all of time. Starts with the school of the first landed users row, then every school_linked event that carries a school.
with first_landed as (
    select
        user_id,
        school_id,
        row_number() over (partition by user_id order by _ds, _file, _line) as landing_number
    from {{ source('raw', 'users') }}
),

links as (
    select
        user_id,
        school_id,
        event_at,
        row_number() over (partition by user_id, event_at order by event_id desc) as recency
    from {{ ref('stg_events') }}
    where event_type = 'school_linked' and school_id is not null
),

people as (
    select user_id from first_landed
    union
    select user_id from links
),

starts as (
    select
        people.user_id,
        coalesce(first_landed.school_id, -1) as school_id,
        timestamp '0001-01-01 00:00:00' as valid_from
    from people
    left join first_landed on people.user_id = first_landed.user_id and first_landed.landing_number = 1
    union all
    select
        user_id,
        school_id,
        event_at as valid_from
    from links
    where recency = 1
)

select
    user_id,
    school_id,
    valid_from,
    lead(valid_from, 1, timestamp '9999-12-31 00:00:00') over (partition by user_id order by valid_from) as valid_to
from starts
