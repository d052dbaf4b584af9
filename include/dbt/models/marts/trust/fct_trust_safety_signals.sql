-- Grain: one row per signal_id: a type of signal about one user, referral or cluster. Rebuilt: small, and one late row can change what others did
-- usually.
with signals as (
    select
        signal_id,
        signal_type,
        entity_type,
        entity_id,
        grade,
        kind,
        points,
        completed_at,
        min(evidence_json) as evidence_json,
        min(referrer_user_id) as referrer_user_id,
        min(referred_user_id) as referred_user_id,
        count(referral_id) as referrals,
        sum(amount_usd) as amount_usd
    from {{ ref('int_trust_findings') }}
    group by signal_id, signal_type, entity_type, entity_id, grade, kind, points, completed_at
),

cases as (
    select
        signal_id,
        min(case_id) as case_id
    from {{ ref('int_trust_case_findings') }}
    group by signal_id
)

select
    signals.signal_id,
    signals.entity_type,
    signals.entity_id,
    signals.signal_type,
    signals.grade,
    signals.kind,
    case
        when signals.kind = 'owed'
            then
                case
                    when {{ hours_between('signals.completed_at', as_of()) }} > 5 * 24 then 'high' -- more than 7 days after it fell due
                    when {{ hours_between('signals.completed_at', as_of()) }} > 24 then 'medium'
                    else 'low'
                end
        when signals.points >= 60 then 'high'
        when signals.points >= 30 then 'medium'
        else 'low'
    end as severity,
    signals.points as score,
    signals.evidence_json,
    signals.completed_at as detected_at,
    cast(signals.referrals as integer) as referrals,
    cast(signals.amount_usd as decimal(18, 2)) as amount_at_risk_usd,
    case
        when signals.entity_type = 'cluster' then signals.entity_id
        when signals.entity_type = 'user' then of_user.cluster_id
        when of_referrer.cluster_id = of_referred.cluster_id then of_referrer.cluster_id
    end as cluster_id,
    cases.case_id
from signals
left join {{ ref('int_trust_clusters') }} as of_user on signals.entity_type = 'user' and signals.entity_id = of_user.user_id
left join {{ ref('int_trust_clusters') }} as of_referrer on signals.entity_type = 'referral' and signals.referrer_user_id = of_referrer.user_id
left join {{ ref('int_trust_clusters') }} as of_referred on signals.entity_type = 'referral' and signals.referred_user_id = of_referred.user_id
left join cases on signals.signal_id = cases.signal_id
