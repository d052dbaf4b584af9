-- Every user is in one tree. Stops the run: a user was lost or counted twice.
with sums as (
    select
        (select count(*) from {{ ref('dim_user') }}) as users,
        (select coalesce(sum(users), 0) from {{ ref('fct_cascade') }}) as users_in_trees,
        (select coalesce(sum(users), 0) from {{ ref('fct_cascade_size') }}) as users_in_bands
)

select
    users,
    users_in_trees,
    users_in_bands
from sums
where users <> users_in_trees or users <> users_in_bands
