-- Grain: one row per user and platform group: the platform of the first install, and `all`, so that what is counted by platform is counted for
-- everybody in the same way.
with users as (
    select
        user_id,
        coalesce({{ group_label('platform') }}, 'unknown') as platform,
        cohort_week,
        signed_up_at,
        is_mature,
        is_activated
    from {{ ref('fct_onboarding_funnel') }}
)

select * from users
union all
select
    user_id,
    'all' as platform,
    cohort_week,
    signed_up_at,
    is_mature,
    is_activated
from users
