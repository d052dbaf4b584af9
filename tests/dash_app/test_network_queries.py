"""The numbers and the graphs of the network view, on rows typed in here."""

from datetime import date
from pathlib import Path

import pytest

from dash_app.filters import Filters
from dash_app.network_view import NetworkView
from dash_app.queries import network, referral_tree, school_network, spreading
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from tests.dash_app.snapshots import (
    flow,
    k_cohort,
    k_factors,
    publish,
    school,
    school_place,
    school_score,
    spreader,
    together,
    tree_of,
    user,
)

LAST = date(2026, 3, 31)
ALL = Filters(date(2026, 3, 4), LAST)
JANUARY, FEBRUARY, LAST_WEEK = date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 9)

#: 1 brought 2 and 3, 2 brought 4 and 5, 4 brought 6.
TREE = tree_of({1: None, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4})


def snapshot_of(root: Path, *parts: dict) -> Snapshot:
    return Snapshot(publish(root, together(*parts), LAST))


def drawn(snapshot: Snapshot, **view: object) -> dict[int, tuple[int, bool]]:
    """User -> own referrals not drawn, and whether on the path to the root."""
    rows = referral_tree.tree(snapshot, NetworkView(**view), sees_trust=True)
    return {row["user_id"]: (row["hidden_referrals"], row["is_on_path"]) for row in rows.to_dict("records")}


def test_a_tree_starts_at_its_root_with_those_whom_the_root_brought(tmp_path: Path) -> None:
    assert drawn(snapshot_of(tmp_path, TREE)) == {1: (0, True), 2: (2, False), 3: (0, False)}


def test_an_opened_user_shows_those_whom_they_brought_and_one_below_a_closed_user_does_not(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, TREE)
    assert drawn(snapshot, opened=(2,)) == {
        1: (0, True), 2: (0, False), 3: (0, False), 4: (1, False), 5: (0, False),
    }  # fmt: skip
    assert drawn(snapshot, opened=(4,)) == drawn(snapshot)


def test_the_way_to_the_root_is_always_drawn_and_siblings_on_it_are_not(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, TREE)
    assert drawn(snapshot, user=4) == {1: (1, True), 2: (1, True), 4: (0, True), 6: (0, False)}
    assert {*drawn(snapshot, user=4, is_all_open=True)} == {1, 2, 3, 4, 5, 6}


def test_a_large_tree_is_cut_and_says_how_large_it_is(tmp_path: Path) -> None:
    last = 251
    snapshot = snapshot_of(tmp_path, tree_of({1: None} | dict.fromkeys(range(2, last), 1) | {last: last - 1}))
    rows = referral_tree.tree(snapshot, NetworkView(user=last, is_all_open=True), sees_trust=True)
    assert len(rows) == referral_tree.USERS_DRAWN == 200
    assert {1, last - 1, last} <= {*rows["user_id"]}, "the way to the root is not cut"
    assert {*rows["parent_user_id"].dropna()} <= {*rows["user_id"]}, "no line without its upper end"
    assert {*rows["users_in_tree"]} == {last}
    assert rows.loc[rows["user_id"] == 1, "hidden_referrals"].item() == (last - 2) - 198


def test_trees_without_computed_places_are_a_line_or_a_point(tmp_path: Path) -> None:
    pair, alone = tree_of({7: None, 8: 7}, placed=False), tree_of({9: None}, placed=False)
    snapshot = snapshot_of(tmp_path, TREE, pair, alone)
    rows = referral_tree.tree(snapshot, NetworkView(user=8), sees_trust=True)
    assert [*zip(rows["user_id"], rows["generation"], rows["x"], strict=True)] == [(7, 0, 0), (8, 1, 0)]
    assert drawn(snapshot, user=9) == {9: (0, True)}


@pytest.mark.parametrize("nobody", [99, 2**63 - 1, 0])
def test_a_user_who_is_not_there_has_no_tree(tmp_path: Path, nobody: int) -> None:
    assert drawn(snapshot_of(tmp_path, TREE), user=nobody) == {}


def test_the_start_is_the_largest_tree_that_has_had_its_time(tmp_path: Path) -> None:
    small = tree_of({10: None, 11: 10}, placed=False)
    young = tree_of({20: None, 21: 20, 22: 20, 23: 20, 24: 20, 25: 20, 26: 20}, signup_date=date(2026, 1, 25))
    assert 1 in drawn(snapshot_of(tmp_path / "a", small, TREE, young)), "on April 1 it lacks one day of 67"
    just_ripe = {**young, "fct_cascade": [young["fct_cascade"][0] | {"signup_date": date(2026, 1, 24)}]}
    assert 20 in drawn(snapshot_of(tmp_path / "b", small, TREE, just_ripe))


def test_a_user_is_shown_with_name_school_money_and_weightiest_case(tmp_path: Path) -> None:
    facts = {
        "dim_user": [user(2, LAST, 10, "teacher", display_name="Tracy M.")],
        "dim_school": [school(10, "Oak", "CA")],
        "fct_review_case": [{"case_id": "a", "state": "cleared"}, {"case_id": "b", "state": "open"}],
        "fct_review_case_member": [
            {"case_id": case, "entity_type": kind, "entity_id": entity}
            for case, kind, entity in (("a", "user", 2), ("b", "user", 2), ("b", "referral", 3))
        ],
    }
    rows = referral_tree.tree(snapshot_of(tmp_path, TREE, facts), NetworkView(), sees_trust=True)
    told = rows.set_index("user_id")[["name", "user_type", "school", "trust", "raised_usd"]]
    assert [*told.loc[2]] == ["Tracy M.", "teacher", "Oak", "open", 4.0]
    assert [*told.loc[3][["name", "school", "trust"]]] == ["User 3", "no school", "none"]
    hidden = referral_tree.tree(snapshot_of(tmp_path, TREE, facts), NetworkView(), sees_trust=False)
    assert {*hidden["trust"]} == {"not visible"}


@pytest.fixture
def schools(tmp_path: Path) -> Snapshot:
    return snapshot_of(
        tmp_path,
        {
            "dim_school": [school(10, "Oak", "CA"), school(11, "Elm", "ME"), school(12, "Ash", "CA")],
            "fct_school_position": [school_place(10, 0, 0), school_place(11, 1, 0), school_place(12, -1, 1, 2)],
            "fct_school_scorecard": [
                school_score(10, members=50, mature=40, offspring=20, rank=1, imported_referrals=5),
                school_score(11, members=30, mature=25, offspring=5, rank=2),
                school_score(12, members=12, mature=9, offspring=9, rank=None),
                school_score(-1, members=90, mature=80, offspring=8, rank=None),
            ],
            "fct_school_flow": [flow(10, 10, 9), flow(10, 11, 4), flow(12, 10, 2), flow(-1, 10, 7)],
        },
    )


def test_schools_are_drawn_with_all_partners_or_with_those_of_one(schools: Snapshot) -> None:
    every = school_network.schools(schools, NetworkView("schools"))
    assert [*every["school"]] == ["Oak", "Elm", "Ash"], "those that exchange most first"
    of_elm = school_network.schools(schools, NetworkView("schools", school=11))
    assert [*of_elm["school"]] == ["Elm", "Oak"]
    assert {*of_elm["all_schools"]} == {3}
    assert school_network.schools(schools, NetworkView("schools", school=99)).empty


def test_flows_are_told_by_name_most_referrals_first(schools: Snapshot) -> None:
    rows = school_network.flows(schools, NetworkView("schools"))
    assert [*zip(rows["from_school"], rows["to_school"], rows["referrals"], strict=True)] == [
        ("Oak", "Oak", 9), ("no school", "Oak", 7), ("Oak", "Elm", 4), ("Ash", "Oak", 2),
    ]  # fmt: skip
    assert [*school_network.flows(schools, NetworkView("schools", school=11))["referrals"]] == [4]


def test_the_scorecard_follows_the_rank_and_a_state_narrows_it(schools: Snapshot) -> None:
    covered = bounds(schools)
    assert [*school_network.scorecard(schools, ALL, covered)["school"]] == ["Oak", "Elm", "Ash"]
    in_california = Filters(ALL.start, LAST, state="CA")
    assert [*school_network.scorecard(schools, in_california, covered)["school"]] == ["Oak", "Ash"]


@pytest.fixture
def growing(tmp_path: Path) -> Snapshot:
    months = [{"cohort_grain": "month", "cohort_start": month} for month in (JANUARY, FEBRUARY)]
    return snapshot_of(
        tmp_path,
        {
            "fct_k": [
                k_cohort(200, 50, 100, 40, 20),
                k_cohort(250, 50, 80, 40, 10, window=30),
                k_cohort(40, 20, 60, 30, 12, segment="user_type", segment_value="teacher"),
                k_cohort(150, 50, 100, 40, 18, segment="signup_time", segment_value="on record"),
                k_cohort(80, 20, 60, 30, 24, **months[0]),
                k_cohort(100, 20, 60, 30, 15, **months[1]),
                k_cohort(30, 10, 20, 10, 6, cohort_grain="week", cohort_start=LAST_WEEK),
            ],
            "fct_k_change": [
                *k_factors(
                    "month", FEBRUARY, JANUARY, "application_rate", inviter_share=-0.02, invitations_per_inviter=0.05,
                    application_rate=-0.13, eligibility_rate=-0.05,
                ),
                *k_factors(
                    "week", LAST_WEEK, date(2026, 2, 2), None, inviter_share=0, invitations_per_inviter=0,
                    application_rate=0, eligibility_rate=0,
                ),
            ],
        },
    )  # fmt: skip


def test_k_is_of_everybody_or_of_a_user_type(growing: Snapshot) -> None:
    covered = bounds(growing)
    assert [*network.k(growing, ALL, covered)["k"]] == [0.04, 0.1]
    of_teachers = network.k(growing, Filters(ALL.start, LAST, user_type="teacher"), covered)
    assert [*of_teachers["k"]] == [0.3]
    assert network.on_record(growing, ALL, covered)["k"].item() == 0.12


def test_the_change_is_between_months_when_two_are_mature_and_of_the_period(growing: Snapshot) -> None:
    rows = network.change(growing, ALL, bounds(growing))
    assert {*rows["cohort_grain"]} == {"month"}
    assert (rows["k"][0], rows["previous_k"][0]) == (0.15, 0.3)
    assert rows["contribution"].sum() == pytest.approx(0.15 - 0.3)
    assert [*rows.loc[rows["is_where_it_broke"], "factor"]] == ["application_rate"]
    before = Filters(date(2026, 1, 1), date(2026, 1, 31), preset=None)
    assert network.change(growing, before, bounds(growing)).empty


def test_super_spreaders_are_chosen_by_type_and_state(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        {
            "dim_school": [school(10, "Oak", "CA")],
            "dim_user": [user(1, LAST, 10), user(2, LAST)],
            "fct_super_spreader": [
                spreader(1, 5, 10, "teacher"), spreader(2, 9), spreader(1, 2, 10) | {"window_days": 30},
            ],
        },
    )  # fmt: skip
    asked = bounds(snapshot)
    assert [*spreading.spreaders(snapshot, ALL, asked)["offspring"]] == [9, 5]
    for narrow in ({"user_type": "teacher"}, {"state": "CA"}):
        assert [*spreading.spreaders(snapshot, Filters(ALL.start, LAST, **narrow), asked)["user_id"]] == [1]


def test_numbers_that_nobody_reaches_are_not_shown(tmp_path: Path) -> None:
    counts = [
        {
            "window_days": 60,
            "offspring": number,
            "users": users,
            "users_by_luck": 0,
            "users_fitted": 0,
            "luck_p_value": 1,
        }
        for number, users in enumerate((90, 8, 0, 2, 0, 0))
    ]
    snapshot = snapshot_of(tmp_path, {"fct_offspring_count": counts})
    assert [*spreading.offspring(snapshot, ALL, bounds(snapshot))["users"]] == [90, 8, 0, 2]
