-- Every referral that T has passed has one row with one outcome. Stops the run: a funnel would lose or double people.
with facts as (
    select
        count(*) as facts,
        sum(case when rule_outcome is null then 1 else 0 end) as without_outcome
    from {{ ref('fct_referral') }}
),

staged as (
    select count(*) as referrals from {{ ref('stg_referrals') }}
)

select
    staged.referrals,
    facts.facts,
    facts.without_outcome
from facts
cross join staged
where staged.referrals <> facts.facts or facts.without_outcome > 0
