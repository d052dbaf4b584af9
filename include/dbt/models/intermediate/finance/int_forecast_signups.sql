-- Grain: one row per sign-up day and landing day: users whose first row landed then.
with landed as (
    select
        cast(created_at as date) as signup_date,
        _ds as known_date,
        row_number() over (partition by user_id order by _ds, _file, _line) as occurrence
    from {{ source('raw', 'users') }}
)

select
    signup_date,
    known_date,
    count(*) as users
from landed
where occurrence = 1
group by signup_date, known_date
