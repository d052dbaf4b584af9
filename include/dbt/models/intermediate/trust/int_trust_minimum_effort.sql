-- Grain: one row per referrer_user_id with a minimum-effort ring and referral_id of a silent newcomer. A ring: more silent newcomers than chance
-- explains among people of that type, and nearly nobody else.
with rings as (
    select *
    from {{ ref('int_trust_silence_odds') }}
    where
        chance_after_all <= {{ threshold('trust_false_discovery') }}
        and silent_newcomers >= {{ threshold('trust_least_newcomers') }}
        and silent_newcomers >= {{ threshold('trust_least_silent_share') }} * newcomers
),

silent as (
    select
        rings.*,
        newcomers.referral_id,
        -- the newcomer's last step of the evidence; the silence that follows is no row
        max(greatest(newcomers.applied_at, newcomers.qualified_at)) over (partition by newcomers.referrer_user_id) as completed_at
    from rings
    inner join {{ ref('int_trust_newcomers') }} as newcomers on rings.referrer_user_id = newcomers.referrer_user_id
    where newcomers.is_silent
)

select
    'minimum_effort_ring' as signal_type,
    'user' as entity_type,
    silent.referrer_user_id as entity_id,
    'silent_newcomers' as grade,
    silent.referral_id,
    silent.completed_at,
    coalesce(money.at_risk_usd, 0) as amount_usd,
    {{ json_document({
        'newcomers': 'silent.newcomers',
        'silent_newcomers': 'silent.silent_newcomers',
        'usual_silent_share': 'silent.usual_share',
        'chance_after_all_comparisons': 'silent.chance_after_all',
    }) }} as evidence_json
from silent
left join {{ ref('int_trust_money') }} as money on silent.referral_id = money.referral_id
