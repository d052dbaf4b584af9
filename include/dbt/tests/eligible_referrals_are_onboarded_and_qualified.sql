-- Rules R4 and R5, judged again from events: by eligible_at the referred user of an eligible referral had completed onboarding and scanned a receipt
-- or linked a school. Stops the run: two bonuses would be promised for somebody who did nothing yet.
with done as (
    select
        referrals.referral_id,
        max(case when events.event_type = 'onboarding_complete' then 1 else 0 end) as is_onboarded,
        max(
            case
                when events.event_type = 'school_linked' then 1
                when events.event_type = 'receipt_scan_completed' and policy.qualifying <> 'link_required' then 1
                else 0
            end
        ) as is_qualified
    from {{ ref('fct_referral') }} as referrals
    cross join {{ ref('int_policy') }} as policy
    left join {{ ref('stg_events') }} as events
        on referrals.referred_user_id = events.user_id and referrals.eligible_at >= events.event_at
    where referrals.rule_outcome = 'eligible'
    group by referrals.referral_id
)

select
    referral_id,
    is_onboarded,
    is_qualified
from done
where is_onboarded = 0 or is_qualified = 0
