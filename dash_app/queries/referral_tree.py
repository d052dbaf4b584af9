"""One tree of the referral forest, as far as it is opened, with the places that the build has computed."""

from __future__ import annotations

import pandas as pd

from dash_app.network_view import NOT_VISIBLE, NetworkView
from dash_app.queries.snapshot import Snapshot

#: More in one picture is a hairball that nobody reads.
USERS_DRAWN = 200

# A tree is mature when its root is: signed up 60 days ago, and seven more for late data.
_START = """
select root_user_id
from gold.fct_cascade
where users > 1
order by signup_date + 67 <= (select as_of from ops.snapshot) desc, users desc, root_user_id
limit 1
"""

_ROOT = "select root_user_id from gold.fct_network_effects_user where user_id = $user"

# Trees of one and of two have no computed place: they are a point and a line. A tree too large is cut behind
# `drawing_order`, which has parents before their children.
_TREE = """
with recursive places as (
    select user_id, parent_user_id, depth, x, drawing_order from gold.fct_network_position
    where root_user_id = $root
),
tree as materialized (
    select * from places
    union all
    select users.user_id, edges.referrer_user_id, users.depth, 0, users.depth + 1
    from gold.fct_network_effects_user as users
    left join gold.fct_network_edge as edges on users.user_id = edges.referred_user_id and not edges.is_left_out
    where users.root_user_id = $root and not exists (from places)
),
path as (
    select user_id, parent_user_id from tree where user_id = $user
    union all
    select tree.user_id, tree.parent_user_id from tree inner join path on tree.user_id = path.parent_user_id
),
opened as (
    select user_id from path
    union
    select tree.user_id
    from tree
    inner join opened on tree.parent_user_id = opened.user_id
    where $all_open or opened.user_id = $user or list_contains(string_split($opened, ','), opened.user_id::varchar)
),
drawn as (
    select tree.*, path.user_id is not null as is_on_path
    from tree
    inner join opened on tree.user_id = opened.user_id
    left join path on tree.user_id = path.user_id
    order by is_on_path desc, drawing_order
    limit $most
),
trust as (
    select members.entity_id as user_id, min_by(cases.state, list_position(
        ['confirmed', 'held', 'open', 'cleared'], cases.state
    )) as trust
    from gold.fct_review_case_member as members
    inner join gold.fct_review_case as cases on members.case_id = cases.case_id
    where members.entity_type = 'user'
    group by members.entity_id
)
select
    drawn.user_id, drawn.parent_user_id, drawn.depth as generation, drawn.x, drawn.is_on_path,
    drawn.user_id = $user as is_chosen,
    coalesce(users.display_name, 'User ' || drawn.user_id) as name, users.user_type,
    coalesce(schools.name, 'no school') as school, coalesce(trust.trust, 'none') as trust,
    effects.direct_referrals, effects.descendants, effects.subtree_amount_raised_usd::double as raised_usd,
    effects.direct_referrals - coalesce(families.drawn_referrals, 0) as hidden_referrals,
    (select count(*) from tree) as users_in_tree
from drawn
left join (select parent_user_id, count(*) as drawn_referrals from drawn group by parent_user_id) as families
    on drawn.user_id = families.parent_user_id
left join gold.fct_network_effects_user as effects on drawn.user_id = effects.user_id
left join gold.dim_user as users on drawn.user_id = users.user_id
left join gold.dim_school as schools on users.school_id = schools.school_id and schools.school_id <> -1
left join trust on drawn.user_id = trust.user_id
order by generation, drawn.x, drawn.user_id
"""


def tree(snapshot: Snapshot, view: NetworkView, sees_trust: bool) -> pd.DataFrame:
    """One row per user to draw, at most ``USERS_DRAWN``: the path from the root to the user chosen, those whom that
    user brought, and those whom the users opened in ``view`` brought. No row when there is no such user.

    Without a user in ``view``, the root of the largest tree whose root is mature is chosen. hidden_referrals are a
    user's own referrals that are not drawn; users_in_tree is the whole tree. trust is the state of the user's
    weightiest review case, or `none`; without ``sees_trust`` it is ``NOT_VISIBLE``.
    """
    user = _first(snapshot.read(_START)) if view.user is None else view.user
    asked = {
        "user": user,
        "root": None if user is None else _first(snapshot.read(_ROOT, {"user": user})),
        "opened": ",".join(str(opened) for opened in view.opened),
        "all_open": view.is_all_open,
        "most": USERS_DRAWN,
    }
    rows = snapshot.read(_TREE, asked)
    return rows if sees_trust else rows.assign(trust=NOT_VISIBLE)


def _first(found: pd.DataFrame) -> int | None:
    return None if found.empty else int(found["root_user_id"].iloc[0])
