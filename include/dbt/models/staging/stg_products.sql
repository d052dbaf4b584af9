-- Grain: one row per product_id, its newest landed version.
with landed as (
    select
        *,
        row_number() over (partition by product_id order by _ds desc, _file desc, _line desc) as recency
    from {{ source('raw', 'products') }}
),

renamed as (
    select
        product_id,
        name,
        category,
        description,
        price,
        points_per_dollar,
        created_at
    from landed
    where recency = 1
)

select * from renamed
