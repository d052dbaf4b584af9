{% set kinds = ['device', 'email', 'payment'] %}
-- Grain: one row per referral_id and kind of identity that its two people share (account, device, email, payment): the verdict of rule R6 told apart.
-- The evidence is complete when the invitation is sent (or applied, if it ever was) and both people have been seen with the identifier.
with referrals as (
    select
        timed.referral_id,
        timed.referrer_user_id,
        timed.referred_user_id,
        timed.sent_at,
        timed.applied_at,
        self_check.is_same_user,
        self_check.is_device_shared,
        self_check.is_email_shared,
        self_check.is_payment_shared
    from {{ ref('int_referrals_timed') }} as timed
    inner join {{ ref('int_referrals_self_checked') }} as self_check on timed.referral_id = self_check.referral_id
    where self_check.is_self_referral
),

shared as (
    select
        referrals.referral_id,
        mine.identifier_kind,
        count(*) as identifiers,
        min(greatest(mine.first_seen_at, theirs.first_seen_at)) as shared_from
    from referrals
    inner join {{ ref('int_trust_identifiers') }} as mine on referrals.referrer_user_id = mine.user_id
    inner join {{ ref('int_trust_identifiers') }} as theirs
        on
            referrals.referred_user_id = theirs.user_id
            and mine.identifier_kind = theirs.identifier_kind
            and mine.identifier = theirs.identifier
    group by referrals.referral_id, mine.identifier_kind
),

told_apart as (
    select
        *,
        'account' as identity
    from referrals
    where is_same_user
    {%- for kind in kinds %}
        union all
        select
            *,
            '{{ kind }}' as identity
        from referrals
        where is_{{ kind }}_shared
    {%- endfor %}
)

select
    'self_referral_' || told_apart.identity as signal_type,
    'referral' as entity_type,
    told_apart.referral_id as entity_id,
    case
        when told_apart.identity = 'account' then 'same_user'
        when told_apart.applied_at is not null then 'applied'
        else 'not_applied'
    end as grade,
    told_apart.referral_id,
    greatest(told_apart.sent_at, told_apart.applied_at, shared.shared_from) as completed_at,
    coalesce(money.at_risk_usd, 0) as amount_usd,
    {{ json_document({
        'referrer_user_id': 'told_apart.referrer_user_id',
        'referred_user_id': 'told_apart.referred_user_id',
        'shared_kind': 'told_apart.identity',
        'shared_identifiers': 'shared.identifiers',
        'is_invited_address': "told_apart.identity = 'email' and shared.identifiers is null",
        'shared_from': 'shared.shared_from',
        'applied_at': 'told_apart.applied_at',
    }) }} as evidence_json
from told_apart
left join shared on told_apart.referral_id = shared.referral_id and told_apart.identity = shared.identifier_kind
left join {{ ref('int_trust_money') }} as money on told_apart.referral_id = money.referral_id
