-- Grain: one row per signal_id and referral_id that it is about, with the case it belongs to: the group in which both people of the referral
-- are, else the referral by itself, else the user. A group is named by its smallest user_id, so that a case keeps its name while it grows. Its
-- weightiest signal says whether a case is one of abuse: a second award does not become fraud because the newcomer has a new phone. Rewards
-- that are owed are no case.
with placed as (
    select
        findings.signal_id,
        findings.signal_type,
        findings.entity_type,
        findings.entity_id,
        findings.kind,
        findings.points,
        findings.referral_id,
        findings.referrer_user_id,
        findings.referred_user_id,
        findings.completed_at,
        findings.amount_usd,
        case
            when mine.group_id = theirs.group_id then 'group-' || cast(mine.group_id as varchar)
            when findings.referral_id is not null then 'referral-' || cast(findings.referral_id as varchar)
            else 'user-' || cast(findings.entity_id as varchar)
        end as case_id,
        coalesce(mine.group_id = theirs.group_id, false) as is_group
    from {{ ref('int_trust_findings') }} as findings
    left join {{ ref('int_trust_groups') }} as mine on findings.referrer_user_id = mine.user_id
    left join {{ ref('int_trust_groups') }} as theirs on findings.referred_user_id = theirs.user_id
    where findings.kind <> 'owed'
),

weighed as (
    select
        *,
        max(case when kind = 'abuse' then points end) over (partition by case_id) as abuse_points,
        max(case when kind = 'payment_error' then points end) over (partition by case_id) as error_points
    from placed
)

select
    signal_id,
    signal_type,
    entity_type,
    entity_id,
    kind,
    points,
    referral_id,
    referrer_user_id,
    referred_user_id,
    completed_at,
    amount_usd,
    case_id,
    is_group,
    case when is_group or abuse_points >= coalesce(error_points, 0) then 'abuse' else 'payment_error' end as case_kind
from weighed
