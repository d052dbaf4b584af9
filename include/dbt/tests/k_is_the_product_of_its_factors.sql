-- K is the product of its factors, and the contributions of the factors add up to its change, both but for rounding. Stops the run: the factors then
-- are not of the same people.
select
    'product' as broken,
    window_days,
    cohort_start,
    segment_value,
    k as whole,
    inviter_share * invitations_per_inviter * application_rate * eligibility_rate as from_factors
from {{ ref('fct_k') }}
where
    mature_users > 0
    and abs(k - coalesce(inviter_share * invitations_per_inviter * application_rate * eligibility_rate, 0)) > 1e-6
union all
select
    'change' as broken,
    window_days,
    cohort_start,
    segment_value,
    max(k - previous_k) as whole,
    sum(contribution) as from_factors
from {{ ref('fct_k_change') }}
group by window_days, cohort_grain, cohort_start, segment, segment_value
having abs(max(k - previous_k) - sum(contribution)) > 1e-6
