"""Growth accounting, driver tree and targets, on rows typed in here and against SQL of their own."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from dash_app.components.executive_kpis import kpi_cards
from dash_app.components.growth import growth_card
from dash_app.components.raised_drivers import raised_drivers_card
from dash_app.filters import Filters
from dash_app.queries import executive, growth
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from tests.dash_app.snapshots import aim, growth_week, publish, purchase, raised_period
from tests.dash_app.test_pages import words

LAST = date(2026, 3, 31)
SUNDAY = date(2026, 3, 29)
PERIOD = Filters(date(2026, 3, 4), LAST)
WEEKS = [
    growth_week(SUNDAY, 120, 9, 1, 10, is_mature=False),
    growth_week(SUNDAY - timedelta(weeks=1), 100, 30, 10, 20),
    growth_week(SUNDAY - timedelta(weeks=12), 5, 1, 0, 0),  # thirteenth from the end
    growth_week(SUNDAY - timedelta(weeks=11), 6, 2, 0, 0),
    growth_week(SUNDAY - timedelta(weeks=10), 8, 92, 0, 0, is_observed=False),
    growth_week(SUNDAY, 900, 1, 1, 1, window_days=28),
    growth_week(SUNDAY, 900, 1, 1, 1, variant="contributing"),
]
DRIVERS = [
    raised_period(SUNDAY, 1, 1, 999, 1, (998, 0, 0), is_mature=False),
    raised_period(date(2026, 3, 22), 40, 160, 80.0, 50.0, (20.0, 15.0, -5.0)),
    raised_period(date(2026, 2, 22), 32, 100, 50.0, 40.0, (1.0, 2.0, 7.0)),
    raised_period(date(2026, 3, 22), 9, 9, 9, 9, (0, 0, 0), window_days=7),
]


def snapshot(root: Path, **rows: list) -> Snapshot:
    return Snapshot(publish(root, {"fct_purchase": [purchase("p0", 1, 10, date(2026, 1, 1), "1.00")], **rows}, LAST))


def test_the_last_twelve_whole_weeks_on_record_are_shown_and_each_balances(tmp_path: Path) -> None:
    of = snapshot(tmp_path, fct_growth_period=WEEKS)
    rows = growth.accounts(of, PERIOD, bounds(of))
    expected = of.read(
        "select period_end from gold.fct_growth_period where variant = 'active' and window_days = 7 and is_observed"
        " and period_end > date '2026-03-31' - interval 84 day order by 1"
    )
    assert [*rows["period_end"]] == [*expected["period_end"]]
    assert len(rows) == 3
    balance = rows["opening_users"] + rows["new_users"] + rows["resurrected_users"] - rows["churned_users"]
    assert (balance == rows["closing_users"]).all()


def test_the_card_speaks_of_the_last_complete_week(tmp_path: Path) -> None:
    of = snapshot(tmp_path, fct_growth_period=WEEKS)
    card = words(growth_card(growth.accounts(of, PERIOD, bounds(of)), PERIOD, "means", "/x.csv", "light"))
    assert "16 Mar 2026 to 22 Mar 2026: 120 active, 20 users more than the week before." in card
    assert "30 new, 10 came back, 20 left, 80 stayed. The last bars are hatched: not complete." in card


def test_the_driver_tree_is_of_the_latest_complete_28_days_and_leaves_no_rest(tmp_path: Path) -> None:
    of = snapshot(tmp_path, fct_raised_drivers=DRIVERS)
    [row] = growth.drivers(of, PERIOD, bounds(of)).to_dict("records")
    assert (row["window_days"], row["period_end"].date()) == (28, date(2026, 3, 22))
    parts = sum(row[f"change_by_{factor}_usd"] for factor in ("supporters", "scans_each", "usd_per_scan"))
    assert parts == pytest.approx(row["raised_usd"] - row["raised_before_usd"])
    product = row["supporters"] * row["scans_per_supporter"] * row["usd_per_scan"]
    assert product == pytest.approx(row["raised_usd"])
    before = row["supporters_before"] * row["scans_per_supporter_before"] * row["usd_per_scan_before"]
    assert before == pytest.approx(row["raised_before_usd"])


def test_the_card_says_what_moved_most(tmp_path: Path) -> None:
    of = snapshot(tmp_path, fct_raised_drivers=DRIVERS)
    card = words(raised_drivers_card(growth.drivers(of, PERIOD, bounds(of)), PERIOD, "means", "/x.csv"))
    assert "against the 28 days before: +$30.00. The largest part: supporters (+$20.00)." in card
    assert "raised per scan before $0.500 -$5.00" in card


def test_under_a_filter_the_cards_say_that_they_are_of_all_users(tmp_path: Path) -> None:
    of = snapshot(tmp_path, fct_raised_drivers=DRIVERS, fct_growth_period=WEEKS)
    asked = (of, PERIOD, bounds(of))
    for filters, times in ((PERIOD, 0), (Filters(PERIOD.start, PERIOD.end, user_type="teacher"), 2)):
        cards = [
            growth_card(growth.accounts(*asked), filters, "means", "/x.csv", "light"),
            raised_drivers_card(growth.drivers(*asked), filters, "means", "/x.csv"),
        ]
        assert words(cards).count("Of all users, whatever the filters.") == times


def test_a_period_without_a_factor_is_told_and_a_young_history_has_weeks(tmp_path: Path) -> None:
    week = raised_period(SUNDAY, 4, 8, 2.0, 0.0, (2.0, 0, 0), window_days=7, zero_factor="supporters")
    of = snapshot(tmp_path, fct_raised_drivers=[week])
    card = words(raised_drivers_card(growth.drivers(of, PERIOD, bounds(of)), PERIOD, "means", "/x.csv"))
    assert "against the 7 days before. One of the periods has none of a factor" in card


def test_without_whole_periods_both_cards_say_so(tmp_path: Path) -> None:
    of = snapshot(tmp_path)
    rows = growth.accounts(of, PERIOD, bounds(of)), growth.drivers(of, PERIOD, bounds(of))
    assert "no two whole weeks on record" in words(growth_card(rows[0], PERIOD, "means", "/x.csv", "light"))
    assert "No two whole periods" in words(raised_drivers_card(rows[1], PERIOD, "means", "/x.csv"))


def test_a_target_is_shared_out_by_the_days_of_each_month(tmp_path: Path) -> None:
    aims = [
        aim("raised_usd", 280, date(2026, 1, 1), date(2026, 3, 1)),
        aim("raised_usd", 310, date(2026, 3, 1)),
        aim("active_supporters", 50, date(2026, 1, 1), date(2026, 3, 1)),
        aim("active_supporters", 60, date(2026, 3, 1)),
        aim("purchases", 31, date(2026, 3, 1)),  # not on every day of the period
    ]
    of = snapshot(tmp_path, fct_kpi_target=aims)
    filters = Filters(date(2026, 2, 27), date(2026, 3, 4), preset=None)  # 2 days of February, 4 of March
    found = growth.targets(of, filters, bounds(of))
    assert dict(zip(found["metric"], found["target"], strict=True)) == {
        "active_supporters": 60,
        "raised_usd": pytest.approx(2 * 280 / 28 + 4 * 310 / 31),
    }


@pytest.mark.parametrize(
    "filters",
    [
        Filters(PERIOD.start, PERIOD.end, user_type="teacher"),
        Filters(PERIOD.start, PERIOD.end, state="CA"),
        Filters(date(2025, 12, 31), LAST, preset="all"),
    ],
)
def test_part_of_the_users_or_days_before_the_records_are_held_against_nothing(tmp_path: Path, filters) -> None:
    of = snapshot(tmp_path, fct_kpi_target=[aim("raised_usd", 310)])
    assert len(growth.targets(of, PERIOD, bounds(of))) == 1
    assert growth.targets(of, filters, bounds(of)).empty


def test_the_cards_show_how_far_the_numbers_are(tmp_path: Path) -> None:
    bought = [purchase("p0", 1, 10, date(2026, 1, 1), "1.00"), purchase("p1", 1, 10, LAST, "70.00")]
    of = Snapshot(publish(tmp_path, {"fct_purchase": bought, "fct_kpi_target": [aim("raised_usd", 310)]}, LAST))
    numbers = executive.kpis(of, PERIOD, bounds(of))
    cards = words(kpi_cards(numbers, growth.targets(of, PERIOD, bounds(of)), PERIOD, lambda _key: "means"))
    assert "25% of the target $280.00 for 28 days" in cards
    assert "Set by: the board." in cards
    assert cards.count("of the target") == 1


def test_a_build_without_targets_shows_none(tmp_path: Path) -> None:
    of = Snapshot(publish(tmp_path, {}, LAST, without=["fct_kpi_target", "fct_annotation"]))
    assert growth.targets(of, PERIOD, bounds(of)).empty
