-- Rule R7: a referred user is credited to one referral only. Stops the run: a second credit would be paid.
select
    referred_user_id,
    count(*) as credited_referrals
from {{ ref('fct_referral') }}
where is_credited
group by referred_user_id
having count(*) > 1
