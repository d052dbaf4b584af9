{{ config(severity='warn') }}
-- Events of the programme that belong to no referral, because their id is unknown or their code is carried by none or by several, by event type, when
-- they are more than a hundredth of it. Warns: they are kept and count for no referral. `status` counts them however few they are.
select
    events.event_type,
    count(*) as events,
    sum(case when referrals.referral_id is null then 1 else 0 end) as without_referral
from {{ ref('int_referral_events') }} as events
left join {{ ref('stg_referrals') }} as referrals on events.referral_id = referrals.referral_id
group by events.event_type
having sum(case when referrals.referral_id is null then 1 else 0 end) > 0.01 * count(*)
