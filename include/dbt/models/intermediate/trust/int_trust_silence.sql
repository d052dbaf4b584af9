-- Grain: one row per referrer_user_id with newcomers of whom it is known whether they fell silent. All of them: what is usual is learnt from
-- everybody.
select
    referrer_user_id,
    referrer_user_type as user_type,
    count(*) as newcomers,
    cast(sum(case when is_silent then 1 else 0 end) as bigint) as silent_newcomers
from {{ ref('int_trust_newcomers') }}
where is_silent is not null
group by referrer_user_id, referrer_user_type
