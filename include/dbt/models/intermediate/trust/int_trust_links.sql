-- Grain: one row per pair of users and kind of identifier that they share, the smaller user_id first, with the moment from which both were seen with
-- one. An identifier of more accounts than a household or a cheat has (a school's tablet, a shop's till) links nobody.
with identifiers as (select * from {{ ref('int_trust_identifiers') }}),

shared as (
    select
        identifier_kind,
        identifier
    from identifiers
    group by identifier_kind, identifier
    having count(*) between 2 and {{ threshold('trust_hub_accounts') }}
),

owners as (
    select identifiers.*
    from identifiers
    inner join shared on identifiers.identifier_kind = shared.identifier_kind and identifiers.identifier = shared.identifier
)

select
    one.user_id as low_user_id,
    other.user_id as high_user_id,
    one.identifier_kind,
    cast(count(*) as integer) as identifiers,
    min(greatest(one.first_seen_at, other.first_seen_at)) as linked_at
from owners as one
inner join owners as other
    on one.identifier_kind = other.identifier_kind and one.identifier = other.identifier and one.user_id < other.user_id
group by one.user_id, other.user_id, one.identifier_kind
