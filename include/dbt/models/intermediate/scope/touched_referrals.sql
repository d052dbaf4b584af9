-- Grain: one row per referral_id whose verdict may differ from the last build: one of its inputs landed or changed, a person in it was seen anew, a
-- referral of the same referred user is touched, or time alone moves it, from open to expired or from due to overdue. Wider than needed, never
-- narrower.
with landed_referrals as (
    select referral_id
    from {{ source('raw', 'referrals') }}
    where {{ landed_anew('sent_at') }} and not {{ flags.FULL_REFRESH | lower }}
    union
    select {{ superseded_value('referral_id', 'bigint') }} as referral_id
    from {{ source('raw', 'superseded') }}
    where table_name = 'referrals' and superseded_by_load_id > {{ var('base_load_id') }}
),

-- every version of a touched event counts: the old one may have belonged to another referral or user
event_versions as (
    select
        user_id,
        referral_id,
        {{ json_texts('metadata_json', ['referral_code']) }} as metadata
    from {{ ref('versions_of_touched_events') }}
),

referral_versions as (
    select
        referral_id,
        referrer_user_id,
        referred_user_id,
        referral_code
    from {{ source('raw', 'referrals') }}
    union
    select
        {{ superseded_value('referral_id', 'bigint') }} as referral_id,
        {{ superseded_value('referrer_user_id', 'bigint') }} as referrer_user_id,
        {{ superseded_value('referred_user_id', 'bigint') }} as referred_user_id,
        {{ superseded_value('referral_code') }} as referral_code
    from {{ source('raw', 'superseded') }}
    where table_name = 'referrals'
    union
    select
        resolved.referral_id,
        resolved.referrer_user_id,
        resolved.referred_user_id,
        staged.referral_code
    from {{ ref('int_referrals_resolved') }} as resolved
    inner join {{ ref('stg_referrals') }} as staged on resolved.referral_id = staged.referral_id
),

touched_codes as (
    select referral_code
    from referral_versions
    where referral_id in (select referral_id from landed_referrals)
    union
    select metadata.referral_code
    from event_versions
    where metadata.referral_code is not null
),

touched_people as (
    select user_id from event_versions
    union
    select user_id from {{ ref('changed_users') }}
    union
    select referrer_user_id as user_id
    from referral_versions
    where referral_id in (select referral_id from landed_referrals)
    union
    select referred_user_id as user_id
    from referral_versions
    where referral_id in (select referral_id from landed_referrals)
    union
    -- whoever applied a touched referral or code may have been its referred user until now, and be free for another one
    select user_id
    from {{ ref('stg_events') }}
    where
        event_type = 'referral_applied'
        and (
            referral_id in (select referral_id from landed_referrals)
            or referral_id in (select referral_id from event_versions)
            or (referral_id is null and referral_code in (select referral_code from touched_codes))
        )
),

touched as (
    select referral_id from landed_referrals
    union
    select referral_id from event_versions
    where referral_id is not null
    union
    select referral_id from referral_versions
    where
        referral_code in (select referral_code from touched_codes)
        or referrer_user_id in (select user_id from touched_people)
        or referred_user_id in (select user_id from touched_people)
    union
    select resolved.referral_id
    from {{ ref('int_referrals_resolved') }} as resolved
    cross join {{ ref('int_policy') }} as policy
    where
        resolved.applied_at is null
        and {{ hours_after('resolved.sent_at', 'policy.open_days * 24') }} <= {{ as_of() }}
        and {{ hours_after('resolved.sent_at', 'policy.open_days * 24') }} >= cast('{{ var("previous_as_of") }}' as timestamp)
    union
    select timed.referral_id
    from {{ ref('int_referrals_timed') }} as timed
    inner join {{ ref('int_referrals_qualified') }} as qualified on timed.referral_id = qualified.referral_id
    cross join {{ ref('int_policy') }} as policy
    where
        {{ hours_after('greatest(timed.applied_at, timed.onboarded_at, qualified.qualified_at)', 'policy.overdue_hours') }}
        between cast('{{ var("previous_as_of") }}' as timestamp) and {{ as_of() }}
)

select referral_id from touched
union
select siblings.referral_id
from {{ ref('int_referrals_resolved') }} as siblings
where siblings.referred_user_id in (
    select same_referred.referred_user_id
    from {{ ref('int_referrals_resolved') }} as same_referred
    where same_referred.referral_id in (select referral_id from touched)
)
