{% set sources = [
    'int_trust_self_referrals', 'int_trust_reinstalls', 'int_trust_circles', 'int_trust_bursts', 'int_trust_minimum_effort', 'int_trust_shared_newcomers',
    'int_trust_ledger_errors', 'int_trust_award_states',
] %}
-- Grain: one row per signal_id and referral_id that it is about (a single row without one where the signal is about a user's ledger alone), with its
-- points. signal_id names type and entity, so that the same finding has the same id on every later day.
with findings as (
    {%- for source in sources %}
        select
            signal_type,
            entity_type,
            entity_id,
            grade,
            referral_id,
            completed_at,
            amount_usd,
            evidence_json
        from {{ ref(source) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    findings.signal_type || '|' || findings.entity_type || '|' || cast(findings.entity_id as varchar) as signal_id,
    findings.signal_type,
    findings.entity_type,
    findings.entity_id,
    findings.grade,
    points.kind,
    points.points,
    findings.referral_id,
    referrals.referrer_user_id,
    referrals.referred_user_id,
    findings.completed_at,
    findings.amount_usd,
    findings.evidence_json
from findings
left join {{ ref('trust_points') }} as points on findings.signal_type = points.signal_type and findings.grade = points.grade
left join {{ ref('int_referrals_resolved') }} as referrals on findings.referral_id = referrals.referral_id
