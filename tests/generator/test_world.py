"""A demo world of 2,000 users and 120 days holds what docs/assumptions.md promises."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from include.generator import SimulationConfig
from include.generator.behaviour import opening_rate
from include.generator.data_generator import (
    generate_events,
    generate_products,
    generate_purchases,
    generate_referrals,
    generate_schools,
    generate_users,
)
from include.generator.personas import PERSONAS
from include.generator.seasons import DAY_SECONDS, activity_factor, day_number
from include.generator.world import World

CONFIG = SimulationConfig(users=2000, seed=7)
PERIOD = (CONFIG, date(2026, 1, 1), date(2026, 4, 30))

OUTCOMES = """
with applied as (
    select referral_id, min(event_at) as applied_at from (
        select coalesce(events.referral_id, referrals.referral_id) as referral_id, event_at
        from events left join referrals
            on referrals.referral_code = json_extract_string(metadata_json, '$.referral_code')
        where event_type = 'referral_applied'
    ) group by referral_id
),
installs as (
    select user_id, min(event_at) as install_at, bool_or(metadata_json like '%is_reinstall%') as is_reinstall
    from events where event_type = 'install' group by user_id
),
steps as (
    select user_id,
        min(event_at) filter (event_type = 'onboarding_complete') as onboarded_at,
        min(event_at) filter (event_type in ('school_linked', 'receipt_scan_completed')) as qualified_at
    from events group by user_id
),
judged as (
    select referrals.referral_id, referred_user_id, applied_at, onboarded_at, qualified_at,
        coalesce(sender.device_id = friend.device_id, false)
            or coalesce(sender.payment_fingerprint = friend.payment_fingerprint, false) as is_self,
        sender.is_verified is distinct from 0 as is_verified,
        friend.created_at >= sent_at and not coalesce(is_reinstall, false) as is_new,
        applied_at <= friend.created_at
            or applied_at <= coalesce(install_at, friend.created_at) + interval 48 hour as is_within_48h
    from referrals
    left join applied using (referral_id)
    left join users as sender on sender.user_id = referrer_user_id
    left join users as friend on friend.user_id = referred_user_id
    left join installs on installs.user_id = referred_user_id
    left join steps on steps.user_id = referred_user_id
),
ranked as (
    select *, row_number() over (
        partition by referred_user_id, not is_self and is_verified and is_new and is_within_48h order by applied_at
    ) as place from judged
)
select case
    when applied_at is null then 'open_or_expired'
    when is_self then 'self_referral'
    when not is_verified then 'referrer_unverified'
    when not is_new then 'not_new'
    when not is_within_48h then 'outside_window'
    when place > 1 then 'duplicate_credit'
    when onboarded_at is null then 'onboarding_incomplete'
    when qualified_at is null then 'no_qualifying_action'
    else 'eligible' end as outcome, count(*) as referrals
from ranked group by outcome
"""


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return generate_events(*PERIOD)


@pytest.fixture(scope="module")
def users() -> pd.DataFrame:
    return generate_users(*PERIOD)


@pytest.fixture(scope="module")
def referrals() -> pd.DataFrame:
    return generate_referrals(*PERIOD)


@pytest.fixture(scope="module")
def purchases() -> pd.DataFrame:
    return generate_purchases(*PERIOD)


def test_users_are_about_as_many_as_asked_for_after_120_days(users: pd.DataFrame) -> None:
    assert 0.85 * CONFIG.users <= len(users) <= 1.15 * CONFIG.users
    there_before = (users.created_at < "2026-01-01").mean()
    assert 0.35 <= there_before <= 0.50


def test_user_types_have_their_shares(users: pd.DataFrame) -> None:
    shares = users.user_type.value_counts(normalize=True)
    for persona in PERSONAS:
        assert shares[persona.user_type] == pytest.approx(persona.share, abs=0.03)


def test_the_demo_has_150_to_250_thousand_events(events: pd.DataFrame) -> None:
    assert 150_000 <= len(events) <= 250_000
    assert events.event_id.is_unique


def test_every_event_type_of_the_contract_occurs(events: pd.DataFrame) -> None:
    counts = events.event_type.value_counts()
    assert len(counts) == 18
    assert counts.min() >= 10


def test_every_outcome_of_the_programme_occurs(
    events: pd.DataFrame, users: pd.DataFrame, referrals: pd.DataFrame
) -> None:
    with duckdb.connect() as connection:
        for name, frame in (("events", events), ("users", users), ("referrals", referrals)):
            connection.register(name, frame)
        found = dict(connection.execute(OUTCOMES).fetchall())
    assert set(found) == {
        "open_or_expired", "self_referral", "referrer_unverified", "not_new", "outside_window", "duplicate_credit",
        "onboarding_incomplete", "no_qualifying_action", "eligible",
    }  # fmt: skip
    assert min(found.values()) >= 5
    assert found["eligible"] >= 100


def test_referrals_end_in_all_three_states_and_few_people_send_many(referrals: pd.DataFrame) -> None:
    assert set(referrals.status) == {"sent", "clicked", "converted"}
    sent = referrals.groupby("referrer_user_id").size().sort_values(ascending=False)
    top_tenth = sent.iloc[: len(sent) // 10].sum() / sent.sum()
    assert 0.25 <= top_tenth <= 0.60


def test_chains_of_referrals_are_several_levels_deep(referrals: pd.DataFrame) -> None:
    brought = referrals.dropna(subset=["referred_user_id"]).set_index("referred_user_id").referrer_user_id
    parents = brought[~brought.index.duplicated()].to_dict()
    depths = []
    for person in parents:
        depth, seen = 0, set()
        while person in parents and person not in seen:
            seen.add(person)
            person, depth = parents[person], depth + 1
        depths.append(depth)
    assert max(depths) >= 4


def test_friends_mostly_share_a_school(users: pd.DataFrame, referrals: pd.DataFrame) -> None:
    school = users.set_index("user_id").school_id
    edges = referrals.dropna(subset=["referred_user_id"])
    pairs = pd.DataFrame(
        {"own": school.loc[edges.referrer_user_id].to_numpy(), "friends": school.loc[edges.referred_user_id].to_numpy()}
    ).dropna()
    assert len(pairs) > 150
    assert 0.5 <= (pairs.own == pairs.friends).mean() <= 0.85


def test_a_third_of_redemptions_comes_within_days_and_the_rest_over_weeks(events: pd.DataFrame) -> None:
    key = ["referral_id", "user_id"]
    paid = events[events.event_type == "reward_awarded"].groupby(key).event_at.min()
    spent = events[events.event_type == "reward_redeemed"].groupby(key).event_at.min()
    days = (spent - paid).dropna().dt.total_seconds() / DAY_SECONDS
    days = days[days > 0]
    assert len(days) > 100
    assert 0.2 <= (days < 3).mean() <= 0.5
    assert (days > 20).mean() > 0.2


def test_a_bonus_that_is_told_never_to_change_stays_at_five_dollars() -> None:
    config = SimulationConfig(users=400, seed=7, bonus_changes_after_days=0)
    rewards = generate_events(config, *PERIOD[1:]).query("event_type == 'reward_awarded'")
    assert len(rewards) > 20
    assert set(rewards.metadata_json.str.extract(r'"amount_usd":([\d.]+)')[0]) == {"5.00"}


@pytest.mark.parametrize(("holiday", "week_before"), [("2026-11-26", "2026-11-19"), ("2026-05-25", "2026-05-18")])
def test_moving_holidays_are_quiet(holiday: str, week_before: str) -> None:
    day, ordinary = (day_number(date.fromisoformat(text)) for text in (holiday, week_before))
    assert activity_factor(day) < 0.85 * activity_factor(ordinary)


def test_both_sides_are_awarded_redeemed_and_withheld(events: pd.DataFrame) -> None:
    rewards = events[events.event_type.str.startswith("reward_")]
    sides = rewards.metadata_json.str.extract(r'"reward_type":"(\w+)"')[0]
    assert set(zip(rewards.event_type, sides, strict=True)) == {
        (event, side)
        for event in ("reward_awarded", "reward_redeemed", "reward_withheld")
        for side in ("referrer_bonus", "referred_bonus")
    }


def test_some_bonuses_are_withheld_before_and_some_after_they_were_paid(events: pd.DataFrame) -> None:
    rewards = events[events.event_type.str.startswith("reward_")]
    paid = set(rewards[rewards.event_type == "reward_awarded"].referral_id)
    withheld = rewards[rewards.event_type == "reward_withheld"].referral_id
    assert 0 < withheld.isin(paid).sum() < len(withheld)


def test_saturdays_are_busier_than_tuesdays(events: pd.DataFrame) -> None:
    opens = events[events.event_type == "app_open"].event_at.dt.dayofweek.value_counts()
    assert opens[5] / opens[1] == pytest.approx(1.16 / 0.92, rel=0.15)


def test_onboarding_loses_people_at_every_step(events: pd.DataFrame) -> None:
    people = events.groupby("event_type").user_id.nunique()
    assert people["install"] >= people["onboarding_started"] > people["onboarding_complete"] > people["school_linked"]
    assert people["onboarding_complete"] / people["onboarding_started"] == pytest.approx(0.79, abs=0.05)


def test_scans_end_completed_or_failed_or_given_up(events: pd.DataFrame) -> None:
    counts = events.event_type.value_counts()
    assert counts["receipt_scan_submitted"] / counts["receipt_scan_started"] == pytest.approx(0.95, abs=0.01)
    ended = counts["receipt_scan_completed"] + counts["receipt_scan_failed"]
    assert ended == counts["receipt_scan_submitted"]
    assert counts["receipt_scan_completed"] / ended == pytest.approx(0.885, abs=0.02)


def test_linking_a_school_early_stretches_a_lifetime_and_the_platform_does_not() -> None:
    world = World(SimulationConfig(users=20_000, seed=7, epoch=date(2026, 1, 1)))
    world.advance(world.epoch_day)
    people = {name: world.people[name][~world.people["is_fake"]] for name in world.people.names}
    linked = people["linked_at"] - people["created_at"] <= 7 * DAY_SECONDS
    android = people["platform"] == 1
    lifetime = people["lifetime"]
    assert len(lifetime) > 8000
    assert lifetime[linked].mean() / lifetime[~linked].mean() > 1.8
    assert lifetime[android].mean() / lifetime[~android].mean() == pytest.approx(1.0, abs=0.08)


def test_nobody_regular_is_left_after_the_lifetime_but_for_the_odd_look() -> None:
    world = World(SimulationConfig(users=5_000, seed=7, epoch=date(2026, 1, 1)))
    world.advance(world.epoch_day)
    day = world.epoch_day + 30
    everybody = np.arange(len(world.people))
    rate = opening_rate(world, day, everybody)
    gone = day * DAY_SECONDS - world.people["created_at"] > world.people["lifetime"]
    assert 0.2 < gone.mean() < 0.8
    assert rate[gone].mean() < 0.02 * rate[~gone].mean()


def test_points_are_the_price_times_the_points_per_dollar(purchases: pd.DataFrame) -> None:
    per_dollar = generate_products(*PERIOD).set_index("product_id").points_per_dollar
    expected = purchases.price_paid * purchases.product_id.map(per_dollar)
    assert len(purchases) > 20_000
    assert (purchases.points_earned == expected).all()


def test_schools_carry_a_state_and_a_zip_code_with_military_ones_and_dc_among_them() -> None:
    schools = generate_schools(*PERIOD)
    assert len(schools) == round(2000 / 60)
    assert schools.zip_code.str.fullmatch(r"\d{5}").all()
    assert {"DC", "AE"} <= set(schools.state)
    assert schools[schools.state == "AE"].city.eq("APO").all()


def test_times_follow_the_course_of_a_life(events: pd.DataFrame) -> None:
    first = events.pivot_table(index="user_id", columns="event_type", values="event_at", aggfunc="min", dropna=False)
    first = first.dropna(subset=["install"])
    assert len(first) > 800
    for earlier, later in (
        ("install", "signup"),
        ("signup", "onboarding_started"),
        ("onboarding_started", "onboarding_complete"),
    ):
        both = first.dropna(subset=[earlier, later])
        assert (both[earlier] <= both[later]).all()


def test_the_same_period_gives_the_same_frame_again(users: pd.DataFrame) -> None:
    small = SimulationConfig(users=60, seed=1)
    period = (small, date(2026, 1, 1), date(2026, 1, 5))
    first = generate_users(*period)
    generate_users(*PERIOD)  # another world in between
    pd.testing.assert_frame_equal(first, generate_users(*period))
    assert not np.array_equal(first.email, users.email[: len(first)])
