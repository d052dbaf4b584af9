-- Every view of the referrals counts the same ones: all of them, the mature ones, and those that converted; the attribution window in force gives the
-- conversions that the rules gave. Stops the run: two pages must not show two conversions.
with facts as (select count(*) as sent from {{ ref('fct_referral') }}),

conversion as (
    select
        sum(sent) as sent,
        sum(mature_sent) as mature_sent,
        sum(eligible) as eligible
    from {{ ref('fct_referral_conversion') }}
    where channel = 'all'
),

weeks as (
    select
        sum(sent) as sent,
        sum(mature_sent) as mature_sent,
        sum(eligible) as eligible
    from {{ ref('fct_referral_funnel_week') }}
),

schools as (
    select
        sum(sent) as sent,
        sum(mature_sent) as mature_sent,
        sum(eligible) as eligible
    from {{ ref('fct_referral_funnel_school') }}
),

windows as (
    select
        mature_sent,
        eligible
    from {{ ref('fct_attribution_window') }}
    where is_in_force
),

endings as (select sum(referrals) as sent from {{ ref('fct_referral_ending') }})

select
    facts.sent,
    conversion.eligible
from facts
cross join conversion
cross join weeks
cross join schools
cross join windows
cross join endings
where
    facts.sent > 0
    and (
        facts.sent <> conversion.sent
        or facts.sent <> weeks.sent
        or facts.sent <> schools.sent
        or facts.sent <> endings.sent
        or conversion.mature_sent <> weeks.mature_sent
        or conversion.mature_sent <> schools.mature_sent
        or conversion.mature_sent <> windows.mature_sent
        or conversion.eligible <> weeks.eligible
        or conversion.eligible <> schools.eligible
        or conversion.eligible <> windows.eligible
    )
