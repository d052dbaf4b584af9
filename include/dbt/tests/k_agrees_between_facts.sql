-- Offspring and mature users are the same people wherever they are counted: by user, cohort, segment, generation, school, user type and number of
-- offspring. Stops the run: somebody was lost or counted twice.
with totals as (
    select
        window_days,
        offspring,
        mature_users
    from {{ ref('fct_k') }}
    where cohort_grain = 'all' and segment = 'all'
),

parts as (
    select
        'users' as part,
        60 as window_days,
        coalesce(sum(k_60), 0) as offspring,
        count(k_60) as mature_users
    from {{ ref('fct_network_effects_user') }}
    having count(*) > 0
    union all
    select
        cohort_grain || ' by ' || segment as part,
        window_days,
        sum(offspring) as offspring,
        sum(mature_users) as mature_users
    from {{ ref('fct_k') }}
    group by cohort_grain, segment, window_days
    union all
    select
        'generations' as part,
        window_days,
        sum(offspring) as offspring,
        sum(mature_users) as mature_users
    from {{ ref('fct_k_generation') }}
    group by window_days
    union all
    select
        'schools' as part,
        60 as window_days,
        sum(offspring) as offspring,
        sum(mature_members) as mature_users
    from {{ ref('fct_school_scorecard') }}
    having sum(members) > 0
    union all
    select
        'user types' as part,
        window_days,
        sum(offspring) as offspring,
        sum(mature_users) as mature_users
    from (
        select
            window_days,
            from_type,
            sum(offspring) as offspring,
            max(mature_users) as mature_users
        from {{ ref('fct_next_generation') }}
        group by window_days, from_type
    ) as by_type
    group by window_days
    union all
    select
        'numbers of offspring' as part,
        window_days,
        sum(offspring * users) as offspring,
        sum(users) as mature_users
    from {{ ref('fct_offspring_count') }}
    group by window_days
)

select
    parts.part,
    totals.window_days,
    totals.offspring,
    parts.offspring as offspring_of_parts,
    totals.mature_users,
    parts.mature_users as mature_users_of_parts
from totals
full outer join parts on totals.window_days = parts.window_days
where
    totals.offspring is distinct from parts.offspring
    or totals.mature_users is distinct from parts.mature_users
