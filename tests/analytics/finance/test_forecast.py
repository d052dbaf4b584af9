"""The pipeline model and its backtest on programmes of known rates, and where there is nothing to go by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from include.analytics.finance.backtest import RIVALS, backtest, best_model, interval_score, origins, scored
from include.analytics.finance.forecast import day_table, path_table, pipeline_forecast
from include.analytics.finance.known import ForecastTables, known_at
from include.analytics.finance.paths import HORIZON_DAYS, simulate
from include.analytics.finance.rivals import last_days, seasonal_naive
from include.analytics.finance.season import NO_SEASON, SCHOOL_YEAR, fit_season
from include.analytics.finance.sends import MOST_GROWTH, SMALL_PROGRAMME
from include.analytics.finance.tables import (
    BACKTEST,
    SCORES,
    backtest_table,
    forecast_tables,
    published_table,
    score_table,
)
from include.analytics.finance.volume import exposures, fit_level, invitation_rates
from include.scenarios.scenario import MEASURES, totals
from tests.analytics.finance import made

DAYS = 320


@pytest.fixture(scope="module")
def tables() -> ForecastTables:
    return made.programme(1, DAYS)


def one_referral() -> pd.DataFrame:
    """A referral of which nothing more is known."""
    return made.NO_REFERRALS.reindex([0]).assign(referrals=1)


def by_total(forecast, measure: str, horizon: int) -> pd.Series:  # type: ignore[no-untyped-def]
    rows = forecast.totals.set_index(["measure", "horizon_days"])
    return rows.loc[(measure, horizon)]


def outcome(actual: pd.DataFrame, origin: date, column: str, horizon: int) -> float:
    days = actual.set_index("activity_date")[column]
    return float(days.loc[pd.Timestamp(origin) : pd.Timestamp(origin + timedelta(days=horizon - 1))].sum())


class TestKnownAt:
    def test_a_row_is_known_from_the_day_after_it_landed(self):
        rows = one_referral()
        rows["sent_date"], rows["known_date"] = pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-09")
        tables = replace(made.EMPTY, referrals=rows)
        assert known_at(tables, date(2025, 1, 9)).sends.sum() == 0
        assert known_at(tables, date(2025, 1, 10)).sends.sum() == 1

    def test_a_step_that_landed_later_is_not_known_though_its_referral_is(self):
        rows = one_referral()
        rows["sent_date"] = rows["known_date"] = rows["applied_date"] = pd.Timestamp("2025-01-06")
        rows["applied_known_date"] = pd.Timestamp("2025-01-08")
        known = known_at(replace(made.EMPTY, referrals=rows), date(2025, 1, 8))
        assert known.apply.pending.sum() == 1
        assert known.joined_by_referral.sum() == 0

    def test_the_open_side_of_a_referral_that_was_paid_once_is_owed(self):
        side = {
            "completed_date": pd.Timestamp("2025-01-06"),
            "completed_known_date": pd.Timestamp("2025-01-06"),
            "sides": 1,
        }
        paid = side | {"reward_type": "referrer_bonus", "closed_date": pd.Timestamp("2025-01-07"), "is_award": True}
        paid |= {"closed_known_date": pd.Timestamp("2025-01-07"), "other_awarded_known_date": pd.NaT}
        owed = side | {"reward_type": "referred_bonus", "closed_date": pd.NaT, "is_award": False}
        owed |= {"closed_known_date": pd.NaT, "other_awarded_known_date": pd.Timestamp("2025-01-07")}
        referrals = one_referral().assign(sent_date=pd.Timestamp("2025-01-06"), known_date=pd.Timestamp("2025-01-06"))
        tables = replace(made.EMPTY, sides=pd.DataFrame([paid, owed]), referrals=referrals)
        known = known_at(tables, date(2025, 2, 1))
        assert known.liability_usd == 5.0
        assert known.stuck_share == 1.0


class TestVolume:
    def test_people_move_through_the_ages_at_which_they_invite(self):
        table = exposures(np.array([3.0] + [0.0] * 14))
        assert [int(np.flatnonzero(row)[0]) for row in table] == [0] * 7 + [1] * 7 + [2]
        assert table.sum(axis=1).tolist() == [3.0] * 15

    def test_an_age_that_nobody_has_reached_sends_a_part_of_the_age_before(self):
        rates = invitation_rates(np.array([20.0, 0.0]), np.array([100.0, 0.0]))
        assert rates[0] == 0.2
        assert 0 < rates[1] < 0.2

    def test_a_level_follows_the_last_weeks(self):
        counts = np.concatenate([np.full(100, 10.0), np.full(60, 20.0)])
        level = fit_level(counts, np.full(160, 10.0), NO_SEASON, made.FIRST)
        assert 1.7 < level.level < 2.0

    def test_a_month_keeps_the_prior_until_it_was_seen_and_leaves_it_then(self):
        first = date(2023, 1, 1)
        days = np.arange(730)
        month = np.array([(first + timedelta(days=int(day))).month for day in days])
        counts = np.where(month == 3, 300.0, 100.0)
        young = fit_season(counts[:40], np.full(40, 100.0), first, 1.0)
        old = fit_season(counts, np.full(730, 116.0), first, 1.0)
        assert young.months == pytest.approx(SCHOOL_YEAR)
        assert old.months[2] / old.months[3] > 2


class TestPipeline:
    def test_the_same_knowledge_gives_the_same_forecast(self, tables: ForecastTables):
        known = known_at(tables, made.day(200))
        assert pipeline_forecast(known).totals.equals(pipeline_forecast(known).totals)

    def test_days_are_ninety_and_follow_the_origin(self, tables: ForecastTables):
        known = known_at(tables, made.day(200))
        table = day_table(pipeline_forecast(known), known)
        assert len(table) == len(MEASURES) * HORIZON_DAYS
        assert table.groupby("measure")["forecast_date"].min().unique().tolist() == [made.day(200)]
        assert (table["lower_95"] <= table["lower_80"]).all()
        assert (table["upper_80"] <= table["upper_95"]).all()

    def test_the_components_of_a_path_make_its_totals(self, tables: ForecastTables):
        paths = simulate(known_at(tables, made.day(200)))
        table = path_table(paths)
        of_90 = table[table["horizon_days"] == 90]
        awards = sum(
            of_90[f"{source}_{side}_usd"] for source in ("due", "pipeline", "new") for side in ("referrer", "referred")
        )
        assert awards.to_numpy() == pytest.approx(paths.awards.sum(axis=1), abs=0.001)
        expected = totals(table).set_index(["measure", "horizon_days"])["expected"]
        assert expected["liability_usd", 90] == pytest.approx(paths.liability[:, -1].mean(), abs=0.01)

    def test_what_is_owed_moves_by_the_flows(self, tables: ForecastTables):
        paths = simulate(known_at(tables, made.day(200)))
        moved = paths.awards.sum(axis=1) - paths.redemptions.sum(axis=1)
        moved -= (paths.withheld_outstanding + paths.withheld_future).sum(axis=1)
        assert paths.liability[:, -1] == pytest.approx(paths.liability_start + moved + paths.unpaid_gained[:, -1])

    def test_a_scheduled_bonus_raises_what_falls_due_after_it(self, tables: ForecastTables):
        change = pd.DataFrame({"effective_from": pd.to_datetime([made.day(200)] * 2), "amount_usd": [10.0, 10.0]})
        change["reward_type"] = ["referrer_bonus", "referred_bonus"]
        raised = replace(tables, bonus=pd.concat([tables.bonus, change]))
        plain, doubled = (pipeline_forecast(known_at(each, made.day(200))) for each in (tables, raised))
        ratio = by_total(doubled, "awards_usd", 30)["expected"] / by_total(plain, "awards_usd", 30)["expected"]
        assert ratio == pytest.approx(2.0, rel=1e-3)

    def test_intervals_cover_what_comes_in_many_programmes(self):
        origin, horizon = made.day(160), 30
        covered = {80: 0, 95: 0}
        errors = []
        for seed in range(100, 120):
            programme = made.programme(seed, 200)
            actual = outcome(made.liability(programme, 200), origin, "awarded_usd", horizon)
            forecast = by_total(pipeline_forecast(known_at(programme, origin)), "awards_usd", horizon)
            errors.append(forecast["expected"] / actual - 1)
            for level in covered:
                covered[level] += forecast[f"lower_{level}"] <= actual <= forecast[f"upper_{level}"]
        assert abs(np.mean(errors)) < 0.08
        assert covered[80] >= 13  # of 20; fewer has a chance of 3 % at a true coverage of 80 %
        assert covered[95] >= 17  # fewer has a chance of 2 % at 95 %


class TestLittleHistory:
    def test_nothing_at_all_gives_zeros_that_say_so(self):
        forecast = pipeline_forecast(known_at(made.EMPTY, date(2025, 1, 7)))
        assert forecast.model == "pipeline_short_history"
        assert (forecast.totals["expected"] == 0).all()

    @pytest.mark.parametrize("days", [1, 2, 8, 20, 55])
    def test_a_young_warehouse_is_forecast_and_its_model_says_so(self, days: int):
        forecast = pipeline_forecast(known_at(made.programme(2, days), made.day(days)))
        assert forecast.model == "pipeline_short_history"
        assert np.isfinite(forecast.totals[["expected", "lower_95", "upper_95"]].to_numpy()).all()

    @pytest.mark.parametrize(("days", "invites"), [(8, 20.0), (12, 3.0), (12, 100.0), (20, 20.0)])
    def test_a_few_keen_days_are_not_taken_to_go_on_without_end(self, days: int, invites: float):
        # where everybody brings more than one friend, a future outgrew what DECIMAL(18, 4) holds, and the build stopped
        for seed in range(4):
            known = known_at(made.programme(seed, days, newcomers=2.0, invites=invites), made.day(days))
            assert simulate(known).sends.sum(axis=1).max() < 5 * invites * SMALL_PROGRAMME * MOST_GROWTH

    def test_people_without_any_referral_are_forecast_none(self, tables: ForecastTables):
        lonely = ForecastTables(made.NO_REFERRALS, made.NO_SIDES, made.NO_ENTRIES, tables.signups, made.BONUS)
        forecast = pipeline_forecast(known_at(lonely, made.day(100)))
        assert by_total(forecast, "redemptions_usd", 90)["expected"] == 0

    def test_rivals_bear_with_days_on_which_nothing_was_redeemed(self, tables: ForecastTables):
        awards = tables.entries[tables.entries["entry_type"] == "awarded"]
        known = known_at(replace(tables, entries=awards), made.day(100))
        for rival in RIVALS.values():
            assert by_total(rival(known), "redemptions_usd", 90)["expected"] == 0

    def test_no_origin_means_no_backtest_no_score_and_the_pipeline_speaks(self):
        empty = backtest(made.EMPTY, made.liability(made.EMPTY, 0), date(2025, 1, 7))
        assert list(empty.columns) == BACKTEST.names
        assert list(scored(empty).columns) == SCORES.names
        assert best_model(scored(empty)) is None
        as_of = pd.DataFrame({"as_of": [pd.Timestamp("2025-01-07")]})
        published = published_table(made.EMPTY, scored(empty), as_of).to_pandas()
        assert len(published) == len(MEASURES) * (HORIZON_DAYS + 3)
        assert published["model"].unique().tolist() == ["pipeline_short_history"]


class TestBacktest:
    def test_origins_stay_where_they_are_when_days_are_added(self):
        now, later = (origins(made.FIRST, made.day(days)) for days in (200, 230))
        assert all(origin.weekday() == 0 for origin in now)
        assert set(now) & set(later) == {origin for origin in later if origin <= now[-1]} & set(now)
        assert now[-1] + timedelta(days=37) <= made.day(200)

    def test_origins_are_four_weeks_apart_once_history_allows_ten(self):
        assert (np.diff(origins(made.FIRST, made.day(600))) == timedelta(days=28)).all()
        assert len(origins(made.FIRST, made.day(150))) >= 8

    def test_rows_that_land_after_an_origin_leave_its_forecasts_unchanged(self, tables: ForecastTables):
        origin = made.day(150)

        def shuffled(frame: pd.DataFrame, known: str) -> pd.DataFrame:
            """The past as it was, and after the origin something else."""
            later = frame[frame[known] >= pd.Timestamp(origin)]
            return pd.concat(
                [frame[frame[known] < pd.Timestamp(origin)], later.sample(frac=0.5, random_state=1), later]
            )

        changed = ForecastTables(
            shuffled(tables.referrals, "known_date"), shuffled(tables.sides, "completed_known_date"),
            shuffled(tables.entries, "known_date"), shuffled(tables.signups, "known_date"), tables.bonus,
        )  # fmt: skip
        # steps that landed later of rows that had landed
        for frame, step in (
            (changed.referrals, "applied"),
            (changed.referrals, "completed"),
            (changed.sides, "closed"),
        ):
            later = frame[f"{step}_known_date"] >= pd.Timestamp(origin)
            frame.loc[later, [f"{step}_date", f"{step}_known_date"]] += pd.Timedelta(days=3)
        for model in (pipeline_forecast, last_days, seasonal_naive):
            before, after = (model(known_at(each, origin)) for each in (tables, changed))
            assert before.totals.equals(after.totals)

    def test_a_backtest_holds_every_model_to_what_came(self, tables: ForecastTables):
        actual = made.liability(tables, DAYS)
        results = backtest(tables, actual, made.day(DAYS), most=1)
        assert set(results["model"]) == {"pipeline", "last_days", "seasonal_naive", "auto_ets"}
        row = results[(results["measure"] == "redemptions_usd") & (results["horizon_days"] == 30)].iloc[0]
        assert row["actual"] == outcome(actual, row["origin_date"], "redeemed_usd", 30)
        of_90 = results[results["horizon_days"] == 90]["origin_date"]
        assert (of_90 + pd.Timedelta(days=97) <= pd.Timestamp(made.day(DAYS))).all() if len(of_90) else True

    def test_the_order_in_which_the_database_gives_its_rows_changes_nothing(self, tables: ForecastTables):
        frames = {name: getattr(tables, name) for name in ("referrals", "sides", "entries", "signups", "bonus")}
        mixed = {name: frame.sample(frac=1.0, random_state=1) for name, frame in frames.items()}
        as_of = pd.DataFrame({"as_of": [pd.Timestamp(made.day(DAYS))]})
        actual = made.liability(tables, DAYS)
        one, other = (backtest_table(forecast_tables(**each), actual, as_of, most=1) for each in (frames, mixed))
        assert one.num_rows >= 12
        assert one.equals(other)
        scores = score_table(one.to_pandas())
        assert scores.equals(score_table(other.to_pandas().sample(frac=1.0, random_state=2)))

    def test_scores_are_those_worked_by_hand(self):
        row = {"origin_date": made.FIRST, "measure": "awards_usd", "horizon_days": 30, "actual": 100.0}
        wide = {"lower_80": 80.0, "upper_80": 120.0, "lower_95": 60.0, "upper_95": 140.0}
        results = pd.DataFrame(
            [
                row | wide | {"model": "hits", "expected": 110.0},
                row | wide | {"model": "misses", "expected": 110.0, "lower_80": 105.0},
            ]
        )
        assert interval_score(results, 80).tolist() == [40.0, pytest.approx(15 + 2 / 0.2 * 5)]
        scores = scored(results)
        alone = scores[(scores["measure"] == "awards_usd") & (scores["model"] == "hits")].iloc[0]
        assert alone[["wape", "bias", "interval_score"]].tolist() == pytest.approx([0.1, 0.1, (40 + 80) / 2 / 100])
        assert alone[["covered_80", "covered_95", "rank"]].tolist() == [1, 1, 1]
        assert best_model(scores) == "hits"
