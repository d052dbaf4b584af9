-- Grain: one row per reward event, its first landed version, with the first landed award of the same reward. Rows that land later cannot change it:
-- see int_known_referrals.
with landed as (
    select
        event_id,
        user_id,
        referral_id,
        replace(event_type, 'reward_', '') as entry_type,
        metadata_json,
        {{ json_texts('metadata_json', ['referral_code', 'reward_type', 'amount_usd']) }} as metadata,
        event_at as entry_at,
        _ds as known_date,
        row_number() over (partition by event_id order by _ds, _file, _line) as occurrence
    from {{ source('raw', 'events') }}
    where event_type in ('reward_awarded', 'reward_redeemed', 'reward_withheld') and event_at < {{ as_of() }}
),

named as (
    select
        landed.event_id,
        landed.user_id,
        landed.entry_type,
        landed.entry_at,
        landed.known_date,
        coalesce(landed.referral_id, carriers.referral_id) as referral_id,
        {{ usd_from_text('landed.metadata.amount_usd') }} as delivered_amount_usd,
        {{ text_of_key('landed.metadata', 'reward_type', 'landed.metadata_json') }} as delivered_reward_type
    from landed
    left join {{ ref('int_known_referrals') }} as carriers
        on
            landed.referral_id is null
            and {{ text_of_key('landed.metadata', 'referral_code', 'landed.metadata_json') }} = carriers.referral_code
            and carriers.is_code_carrier
    where landed.occurrence = 1
),

sided as (
    select
        named.*,
        case
            when named.delivered_reward_type in ('referrer_bonus', 'referred_bonus') then named.delivered_reward_type
            when named.user_id = referrals.referrer_user_id then 'referrer_bonus'
            when named.user_id = referrals.referred_user_id then 'referred_bonus'
        end as reward_type
    from named
    left join {{ ref('int_known_referrals') }} as referrals on named.referral_id = referrals.referral_id
),

awards as (
    select
        referral_id,
        user_id,
        reward_type,
        entry_at as award_at,
        known_date as award_known_date,
        row_number() over (partition by referral_id, user_id, reward_type order by known_date, entry_at, event_id) as occurrence
    from sided
    where entry_type = 'awarded'
)

select
    sided.event_id as entry_id,
    sided.referral_id,
    sided.reward_type,
    sided.entry_type,
    sided.entry_at,
    cast(sided.entry_at as date) as entry_date,
    sided.known_date,
    coalesce(sided.delivered_amount_usd, bonuses.amount_usd, 5.00) as amount_usd,
    cast(awards.award_at as date) as award_date,
    case when awards.award_at is not null then greatest(awards.award_known_date, sided.known_date) end as paired_known_date,
    coalesce(awards.award_at <= sided.entry_at, false) as is_preceded_by_award
from sided
left join awards
    on
        sided.referral_id is not distinct from awards.referral_id
        and sided.user_id = awards.user_id
        and sided.reward_type is not distinct from awards.reward_type
        and awards.occurrence = 1
left join {{ ref('int_bonus_periods') }} as bonuses
    on
        sided.reward_type = bonuses.reward_type
        and sided.entry_at >= bonuses.effective_from
        and (sided.entry_at < bonuses.effective_until or bonuses.effective_until is null)
