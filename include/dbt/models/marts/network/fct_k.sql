-- Grain: one row per window_days, cohort_grain, cohort_start, segment and segment_value. Rebuilt: small, and maturity moves with T. K is the product
-- of four factors of the same mature users; where nobody invited, a later factor has no value and K is zero.
select
    cast(window_days as integer) as window_days,
    cohort_grain,
    cohort_start,
    segment,
    segment_value,
    cast(users as bigint) as users,
    cast(mature_users as bigint) as mature_users,
    cast(inviters as bigint) as inviters,
    cast(invitations as bigint) as invitations,
    cast(applications as bigint) as applications,
    cast(offspring as bigint) as offspring,
    {{ rate('offspring', 'mature_users') }} as k,
    {{ mean_count_low('offspring', 'offspring_squared', 'mature_users') }} as k_low,
    {{ mean_count_high('offspring', 'offspring_squared', 'mature_users') }} as k_high,
    {{ rate('inviters', 'mature_users') }} as inviter_share,
    {{ rate('invitations', 'inviters') }} as invitations_per_inviter,
    {{ rate('applications', 'invitations') }} as application_rate,
    {{ rate('offspring', 'applications') }} as eligibility_rate,
    unobserved_users = 0 as is_observed,
    mature_users = users as is_mature
from {{ ref('int_offspring_by_cohort') }}
