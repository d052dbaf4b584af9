-- Grain: one row per school_id that takes part in a referral between two schools: where to draw it, and its community. Rebuilt: one new referral can
-- move all of them. fct_school_flow has the lines between them.
select
    cast(school_id as bigint) as school_id,
    cast(x as double) as x,
    cast(y as double) as y,
    cast(community as integer) as community,
    cast(count(*) over (partition by community) as integer) as community_schools
from {{ ref('int_school_positions') }}
