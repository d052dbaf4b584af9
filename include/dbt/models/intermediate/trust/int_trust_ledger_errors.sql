-- Grain: one row per kind of mistake in the ledger (duplicate_award, orphan_redemption) and referral_id, or user_id where the entries name no
-- referral.
with entries as (
    select
        case when is_duplicate then 'duplicate_award' else 'orphan_redemption' end as signal_type,
        case when referral_id is null then 'user' else 'referral' end as entity_type,
        coalesce(referral_id, user_id) as entity_id,
        referral_id,
        user_id,
        amount_usd,
        entry_at
    from {{ ref('fct_rewards') }}
    where is_duplicate or is_orphan
),

counted as (
    select
        signal_type,
        entity_type,
        entity_id,
        referral_id,
        min(entry_at) as completed_at,
        max(entry_at) as last_entry_at,
        count(*) as entries,
        count(distinct user_id) as users,
        sum(amount_usd) as amount_usd
    from entries
    group by signal_type, entity_type, entity_id, referral_id
)

select
    counted.signal_type,
    counted.entity_type,
    counted.entity_id,
    case when counted.signal_type = 'duplicate_award' then 'paid_twice' else 'no_award' end as grade,
    counted.referral_id,
    counted.completed_at,
    -- a second award that was withheld since costs nothing any more
    case
        when counted.signal_type = 'duplicate_award' then coalesce(money.duplicate_usd, counted.amount_usd)
        else counted.amount_usd
    end as amount_usd,
    {{ json_document({
        'entries': 'counted.entries',
        'users': 'counted.users',
        'amount_usd': 'counted.amount_usd',
        'first_entry_at': 'counted.completed_at',
        'last_entry_at': 'counted.last_entry_at',
    }) }} as evidence_json
from counted
left join {{ ref('int_trust_money') }} as money on counted.referral_id = money.referral_id
