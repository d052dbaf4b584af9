-- Grain: one row per school_id, its newest landed version.
with landed as (
    select
        *,
        row_number() over (partition by school_id order by _ds desc, _file desc, _line desc) as recency
    from {{ source('raw', 'schools') }}
),

renamed as (
    select
        school_id,
        name,
        address,
        city,
        state,
        zip_code,
        created_at
    from landed
    where recency = 1
)

select * from renamed
