{% set first_day = 28 %}
{% set last_day = 55 %}
-- Grain: one row per cohort_month, acquired_via and channel: what it cost to win people who still contribute in their fifth to eighth week. Rebuilt:
-- a late award or purchase changes any month. A month is judged once all its people have had those weeks and seven more days. Who signed up before
-- anything was recorded is left out: nobody saw whether they stayed.
with beginning as (select min(activity_date) as first_day from {{ ref('fct_user_day') }}),

users as (
    select
        users.user_id,
        cast(date_trunc('month', users.created_at) as date) as cohort_month,
        users.acquired_via,
        case when users.acquired_via = 'referral' then 'referral' else users.marketing_channel end as channel
    from {{ ref('dim_user') }} as users
    cross join beginning
    where users.signup_date >= beginning.first_day and users.created_at < {{ as_of() }}
),

contributors as (
    select distinct user_id
    from {{ ref('fct_user_day') }}
    where is_contributing and days_since_signup between {{ first_day }} and {{ last_day }}
),

rewards as (
    select
        referrals.referred_user_id as user_id,
        sum(ledger.signed_amount_usd) as cost_usd
    from {{ ref('fct_rewards') }} as ledger
    inner join {{ ref('fct_referral') }} as referrals on ledger.referral_id = referrals.referral_id
    where referrals.is_credited and ledger.entry_type in ('awarded', 'withheld')
    group by referrals.referred_user_id
),

cohorts as (
    select
        users.cohort_month,
        users.channel,
        users.acquired_via,
        count(*) as acquired_users,
        count(contributors.user_id) as active_users,
        sum(case when users.acquired_via = 'referral' then coalesce(rewards.cost_usd, 0) end) as reward_usd
    from users
    left join contributors on users.user_id = contributors.user_id
    left join rewards on users.user_id = rewards.user_id
    group by users.cohort_month, users.channel, users.acquired_via
),

spend as (
    select
        cast(date_trunc('month', spend_date) as date) as cohort_month,
        marketing_channel as channel,
        case when marketing_channel in ('paid_social', 'paid_search', 'influencer', 'partner') then 'paid' else 'organic' end as acquired_via,
        sum(amount_usd) as spend_usd
    from {{ ref('stg_acquisition_spend') }}
    where spend_date < cast({{ as_of() }} as date)
    group by cast(date_trunc('month', spend_date) as date), marketing_channel
),

joined as (
    select
        coalesce(cohorts.cohort_month, spend.cohort_month) as cohort_month,
        coalesce(cohorts.channel, spend.channel) as channel,
        coalesce(cohorts.acquired_via, spend.acquired_via) as acquired_via,
        coalesce(cohorts.acquired_users, 0) as acquired_users,
        coalesce(cohorts.active_users, 0) as active_users,
        case when cohorts.acquired_via = 'referral' then cohorts.reward_usd else spend.spend_usd end as cost_usd
    from cohorts
    full outer join spend
        on
            cohorts.cohort_month = spend.cohort_month
            and cohorts.channel = spend.channel
            and cohorts.acquired_via = spend.acquired_via
),

judged as (
    select
        *,
        {{ is_mature("cast(date_trunc('month', " ~ days_after('cohort_month', 31) ~ ") as timestamp)", last_day + 1) }} as is_mature
    from joined
)

select
    cohort_month,
    acquired_via,
    channel,
    is_mature,
    acquired_users,
    case when is_mature then active_users end as active_users,
    case when is_mature then {{ rate('active_users', 'acquired_users') }} end as active_share,
    case when is_mature then {{ wilson_low('active_users', 'acquired_users') }} end as active_share_low,
    case when is_mature then {{ wilson_high('active_users', 'acquired_users') }} end as active_share_high,
    cast(cost_usd as decimal(18, 2)) as cost_usd,
    cast(case when is_mature and active_users > 0 then cost_usd / active_users end as decimal(18, 2)) as cost_per_active_user_usd
from judged
