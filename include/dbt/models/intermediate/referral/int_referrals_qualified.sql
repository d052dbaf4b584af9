-- Grain: one row per referral_id. Rule R5: the first eligible receipt scan or a linked school, whichever is first; at equal times the scan counts.
-- Under the policy `link_required` only the linked school counts.
with qualifying as (
    select
        timed.referral_id,
        timed.school_linked_at,
        case when policy.qualifying = 'scan_or_link' then timed.first_scan_at end as scan_at
    from {{ ref('int_referrals_timed') }} as timed
    cross join {{ ref('int_policy') }} as policy
)

select
    referral_id,
    case
        when scan_at is null or school_linked_at < scan_at then school_linked_at
        else scan_at
    end as qualified_at,
    case
        when scan_at is null and school_linked_at is null then null
        when scan_at is null or school_linked_at < scan_at then 'school_link'
        else 'scan'
    end as qualifying_action
from qualifying
