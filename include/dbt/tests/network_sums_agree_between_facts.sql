-- Users, invitations and edges add up to the same number by user, by school and by referral. Stops the run: somebody was lost or counted twice.
with sums as (
    select
        'users' as measure,
        (select count(*) from {{ ref('dim_user') }}) as one_sum,
        (select coalesce(sum(members), 0) from {{ ref('fct_network_effects_school') }}) as other_sum
    union all
    select
        'users in the funnel' as measure,
        (select count(*) from {{ ref('dim_user') }}) as one_sum,
        (select count(*) from {{ ref('fct_onboarding_funnel') }}) as other_sum
    union all
    select
        'invitations' as measure,
        (select coalesce(sum(invites_sent), 0) from {{ ref('fct_network_effects_user') }}) as one_sum,
        (select coalesce(sum(invites_sent), 0) from {{ ref('fct_network_effects_school') }}) as other_sum
    union all
    select
        'edges into and out of schools' as measure,
        (select coalesce(sum(inbound_referrals), 0) from {{ ref('fct_network_effects_school') }}) as one_sum,
        (select coalesce(sum(outbound_referrals), 0) from {{ ref('fct_network_effects_school') }}) as other_sum
    union all
    select
        'credited and eligible referrals' as measure,
        (select coalesce(sum(case when is_credited and rule_outcome = 'eligible' then 1 else 0 end), 0) from {{ ref('fct_referral') }}) as one_sum,
        (select count(*) from {{ ref('fct_network_edge') }}) as other_sum
)

select
    measure,
    one_sum,
    other_sum
from sums
where one_sum <> other_sum
