"""The facts that the filters leave, as SQL for a CTE: what the executive view counts and the rows behind it."""

from __future__ import annotations

from typing import Any

from dash_app.filters import Filters

# A filter that is not set is null. Users without a row in dim_user match no user type and no channel, schools without
# one no state.
_OF_USERS = """
    ($user_type is null or users.user_type = $user_type) and ($channel is null or users.marketing_channel = $channel)
"""
IN_SCHOOLS = """
    ($state is null or upper(schools.state) = $state) and ($school is null or schools.school_id = $school)
"""
_CONFIRMED = "from gold.fct_fraud_filter where decision = 'confirmed' and $fraud = 'out'"
PURCHASES = f"""
    select purchases.*, schools.state
    from gold.fct_purchase as purchases
    left join gold.dim_user as users on users.user_id = purchases.user_id
    left join gold.dim_school as schools on schools.school_id = purchases.school_id
    where {_OF_USERS} and {IN_SCHOOLS}
        and purchases.user_id not in (select entity_id {_CONFIRMED} and entity_type = 'user')
"""
USERS = f"""
    select users.*, schools.state
    from gold.dim_user as users
    left join gold.dim_school as schools on schools.school_id = users.school_id
    where {_OF_USERS} and {IN_SCHOOLS}
        and users.user_id not in (select entity_id {_CONFIRMED} and entity_type = 'user')
"""
USER_DAYS = f"""
    select days.*, users.user_id is not null as is_known_user, users.signup_date
    from gold.fct_user_day as days
    left join gold.dim_user as users on users.user_id = days.user_id
    left join gold.dim_school as schools on schools.school_id = users.school_id
    where {_OF_USERS} and {IN_SCHOOLS}
        and days.user_id not in (select entity_id {_CONFIRMED} and entity_type = 'user')
"""
# Type and school are the referrer's when the invitation was sent.
REFERRALS = f"""
    select referrals.referral_id, referrals.sent_at::date as sent_date
    from gold.fct_referral as referrals
    left join gold.dim_user as users on users.user_id = referrals.referrer_user_id
    left join gold.dim_school as schools on schools.school_id = referrals.referrer_school_id
    where ($user_type is null or referrals.referrer_user_type = $user_type)
        and ($channel is null or users.marketing_channel = $channel) and {IN_SCHOOLS}
        and not exists (
            {_CONFIRMED} and (
                (entity_type = 'referral' and entity_id = referrals.referral_id)
                or (
                    entity_type = 'user' and entity_id in (referrals.referrer_user_id, referrals.referred_user_id)
                )
            )
        )
"""


def narrowing(filters: Filters) -> dict[str, Any]:
    """The parameters of these facts, with the period as ``start`` and ``end``."""
    return {"start": filters.start, "end": filters.end} | filters.narrowed_to
