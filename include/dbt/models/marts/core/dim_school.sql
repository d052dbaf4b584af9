-- Grain: one row per school_id, and -1, the unknown member: the school of a purchase or user for which none is known.
with schools as (
    select
        schools.school_id,
        schools.name,
        schools.city,
        schools.state,
        schools.zip_code,
        schools.created_at,
        us_states.state is not null as is_us_address
    from {{ ref('stg_schools') }} as schools
    left join {{ ref('us_states') }} as us_states on upper(schools.state) = us_states.state
    where schools.school_id <> -1
),

unknown_member as (
    select
        cast(-1 as bigint) as school_id,
        'unknown' as name,
        cast(null as string) as city,
        cast(null as string) as state,
        cast(null as string) as zip_code,
        cast(null as timestamp) as created_at,
        cast(null as boolean) as is_us_address
)

select * from schools
union all
select * from unknown_member
