-- Grain: one row per combination of days: how many referrals were sent, applied and completed on them, and on which landing days that was known.
select
    sent_date,
    known_date,
    sender_signup_date,
    applied_date,
    applied_known_date,
    completed_date,
    completed_known_date,
    count(*) as referrals
from {{ ref('int_known_referrals') }}
group by sent_date, known_date, sender_signup_date, applied_date, applied_known_date, completed_date, completed_known_date
