-- Grain: one row per applied referral_id on a ring of referrals: someone far enough down the line invited the first one back. Friends do that too;
-- what gives a made-up ring away is that nobody uses the accounts it brought.
with newcomers as (
    select
        rings.ring_id,
        count(newcomers.is_silent) as judged_newcomers,
        cast(sum(case when newcomers.is_silent then 1 else 0 end) as bigint) as silent_newcomers
    from {{ ref('int_trust_rings') }} as rings
    left join {{ ref('int_trust_newcomers') }} as newcomers on rings.referral_id = newcomers.referral_id
    group by rings.ring_id
)

select
    'circular_referral' as signal_type,
    'referral' as entity_type,
    rings.referral_id as entity_id,
    case
        when newcomers.judged_newcomers > 0 and newcomers.silent_newcomers = newcomers.judged_newcomers then 'silent_newcomers'
        else 'in_use'
    end as grade,
    rings.referral_id,
    rings.completed_at,
    coalesce(money.at_risk_usd, 0) as amount_usd,
    {{ json_document({
        'people_in_ring': 'rings.people',
        'ring_size': 'rings.ring_size',
        'newcomers_judged': 'newcomers.judged_newcomers',
        'silent_newcomers': 'newcomers.silent_newcomers',
        'closed_at': 'rings.completed_at',
    }) }} as evidence_json
from {{ ref('int_trust_rings') }} as rings
inner join newcomers on rings.ring_id = newcomers.ring_id
left join {{ ref('int_trust_money') }} as money on rings.referral_id = money.referral_id
