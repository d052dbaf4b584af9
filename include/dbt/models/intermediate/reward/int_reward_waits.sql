-- Grain: one row per side of a referral, reason to wait and stretch of time during which the reward was pending for longer than the hours after which
-- the programme tells people to ask (from_at), until it no longer was (until_at, empty while it goes on). One reason at a time:
-- `system`: both people did all that is asked, and the side is neither awarded nor withheld. `held`: withheld, after it was due. `user`: the code is
-- applied and valid, and the friend has not finished onboarding or a qualifying action; after open_days nobody waits for that any more.
with bonuses as (select distinct reward_type from {{ ref('reward_bonus') }}),

sides as (
    select
        referrals.referral_id,
        referrals.applied_at,
        referrals.eligible_at,
        referrals.rule_outcome,
        bonuses.reward_type,
        policy.overdue_hours,
        policy.open_days
    from {{ ref('fct_referral') }} as referrals
    cross join bonuses
    cross join {{ ref('int_policy') }} as policy
    where referrals.rule_outcome in ('eligible', 'onboarding_incomplete', 'no_qualifying_action')
),

entries as (
    select
        referral_id,
        reward_type,
        entry_type,
        entry_at,
        row_number() over (partition by referral_id, reward_type order by entry_at, entry_id) as occurrence,
        lead(entry_at) over (partition by referral_id, reward_type order by entry_at, entry_id) as next_entry_at
    from {{ ref('int_reward_entries') }}
    where entry_type in ('awarded', 'withheld') and referral_id is not null
),

waits as (
    select
        sides.referral_id,
        sides.reward_type,
        'system' as waiting_on,
        {{ hours_after('sides.eligible_at', 'sides.overdue_hours') }} as from_at,
        entries.entry_at as until_at,
        sides.eligible_at as valued_at
    from sides
    left join entries
        on sides.referral_id = entries.referral_id and sides.reward_type = entries.reward_type and entries.occurrence = 1
    where sides.rule_outcome = 'eligible'
    union all
    select
        sides.referral_id,
        sides.reward_type,
        'held' as waiting_on,
        greatest(entries.entry_at, {{ hours_after('sides.eligible_at', 'sides.overdue_hours') }}) as from_at,
        entries.next_entry_at as until_at,
        sides.eligible_at as valued_at
    from sides
    inner join entries on sides.referral_id = entries.referral_id and sides.reward_type = entries.reward_type
    where sides.rule_outcome = 'eligible' and entries.entry_type = 'withheld'
    union all
    select
        referral_id,
        reward_type,
        'user' as waiting_on,
        {{ hours_after('applied_at', 'overdue_hours') }} as from_at,
        least(eligible_at, {{ hours_after('applied_at', 'open_days * 24') }}) as until_at,
        applied_at as valued_at
    from sides
)

select *
from waits
where until_at is null or until_at > from_at
