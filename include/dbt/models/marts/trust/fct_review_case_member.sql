-- Grain: one row per case_id, entity_type and user_id or referral_id: the people and referrals that a decision on the case is about. A mistake in
-- the ledger is about the referral alone: nobody in it did anything.
with findings as (select * from {{ ref('int_trust_case_findings') }}),

people as (
    select
        'group-' || cast(group_id as varchar) as case_id,
        user_id
    from {{ ref('int_trust_groups') }}
    union
    select
        case_id,
        referred_user_id as user_id
    from findings
    where not is_group and case_kind = 'abuse' and kind = 'abuse' and referred_user_id is not null
    union
    -- in a re-install only the newcomer is not what they say
    select
        case_id,
        referrer_user_id as user_id
    from findings
    where not is_group and case_kind = 'abuse' and kind = 'abuse' and signal_type <> 'reinstall_abuse' and referrer_user_id is not null
    union
    select
        case_id,
        entity_id as user_id
    from findings
    where referral_id is null and entity_type = 'user'
)

select
    case_id,
    'user' as entity_type,
    user_id as entity_id,
    user_id,
    cast(null as bigint) as referral_id
from people
union all
select distinct
    case_id,
    'referral' as entity_type,
    referral_id as entity_id,
    cast(null as bigint) as user_id,
    referral_id
from findings
where referral_id is not null
