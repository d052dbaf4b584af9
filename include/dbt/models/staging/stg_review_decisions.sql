-- Grain: one row per case_id, the reviewers' newest decision that T has passed: the latest decided_at, at equal times the one that landed last.
with landed as (
    select
        *,
        row_number() over (partition by case_id order by decided_at desc, _ds desc, _file desc, _line desc) as recency
    from {{ source('raw', 'review_decisions') }}
    where decided_at < {{ as_of() }}
),

renamed as (
    select
        case_id,
        decision,
        reason,
        decided_at
    from landed
    where recency = 1
)

select * from renamed
