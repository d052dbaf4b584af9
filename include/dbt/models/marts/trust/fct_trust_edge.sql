-- Grain: one row per low_user_id, high_user_id and identifier_kind: two accounts that share an identifier of that kind, for drawing clusters.
select
    links.low_user_id,
    links.high_user_id,
    links.identifier_kind,
    clusters.cluster_id,
    links.identifiers,
    links.linked_at
from {{ ref('int_trust_links') }} as links
inner join {{ ref('int_trust_clusters') }} as clusters on links.low_user_id = clusters.user_id
