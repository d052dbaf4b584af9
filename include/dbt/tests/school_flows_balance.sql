-- What flows into and out of schools is what fct_network_effects_school counts. Stops the run: a referral was lost or counted twice.
with flows as (
    select
        school_id,
        sum(inbound) as inbound,
        sum(outbound) as outbound
    from (
        select
            to_school_id as school_id,
            referrals as inbound,
            0 as outbound
        from {{ ref('fct_school_flow') }}
        union all
        select
            from_school_id as school_id,
            0 as inbound,
            referrals as outbound
        from {{ ref('fct_school_flow') }}
    ) as directions
    group by school_id
)

select
    schools.school_id,
    schools.inbound_referrals,
    flows.inbound,
    schools.outbound_referrals,
    flows.outbound
from {{ ref('fct_network_effects_school') }} as schools
left join flows on schools.school_id = flows.school_id
where
    schools.inbound_referrals <> coalesce(flows.inbound, 0)
    or schools.outbound_referrals <> coalesce(flows.outbound, 0)
