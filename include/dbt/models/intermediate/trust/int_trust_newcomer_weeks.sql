-- Grain: one row per referrer_user_id and week (its Monday) in which they sent an invitation that brought a newcomer.
select
    referrer_user_id,
    referrer_user_type as user_type,
    {{ monday_of('sent_at') }} as cohort_week,
    count(*) as newcomers
from {{ ref('int_trust_newcomers') }}
group by referrer_user_id, referrer_user_type, {{ monday_of('sent_at') }}
