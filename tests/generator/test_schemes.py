"""The labelled abuse shows the traces of its kind and variant; innocent look-alikes share only the likeness."""

import re
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from include.generator import SimulationConfig
from include.generator.data_generator import generate_events, generate_referrals, generate_users
from include.generator.schemes import SCHEMES
from include.generator.simulate import write_days
from include.settings import Paths

START, END = date(2026, 1, 1), date(2026, 4, 30)
CONFIG = SimulationConfig(users=2000, seed=11, epoch=START)
KINDS = [scheme.name for scheme in SCHEMES[1:]]


class Story:
    """The world's tables with their labels; people by user_id."""

    def __init__(self, folder: Path) -> None:
        write_days(END, END, CONFIG, Paths(folder))
        self.accounts = pd.read_csv(folder / "truth/accounts.csv", keep_default_na=False).set_index("user_id")
        self.sent = pd.read_csv(folder / "truth/referrals.csv")
        self.users = generate_users(CONFIG, START, END).set_index("user_id")
        self.events = generate_events(CONFIG, START, END)
        self.referrals = generate_referrals(CONFIG, START, END).set_index("referral_id")

    def rings(self, kind: str, variant: str) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
        """Player and made-up accounts of every scheme of a kind that has any; columns of users."""
        labels = self.accounts[(self.accounts.kind == kind) & (self.accounts.variant == variant)]
        rings = [
            (self.users.loc[own.index[own.role == "player"]], self.users.loc[own.index[own.role == "fake_account"]])
            for _, own in labels.groupby("scheme_id")
        ]
        rings = [ring for ring in rings if len(ring[1])]
        assert rings
        return rings

    def seen(self, user_ids: pd.Index, key: str) -> set[str]:
        """The values of a metadata key in the events of these people."""
        rows = self.events[self.events.user_id.isin(user_ids)]
        return set(rows.metadata_json.str.extract(f'"{key}":"([^"]+)"')[0].dropna())


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("story"))


def email_key(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    if domain in ("gmail.com", "googlemail.com"):
        return local.split("+")[0].replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"


@pytest.mark.parametrize(("kind", "variant"), list(product(KINDS, ("easy", "hard"))))
def test_every_scheme_has_a_player_and_an_account_in_both_variants(story: Story, kind: str, variant: str) -> None:
    for player, fakes in story.rings(kind, variant):
        assert len(player) == 1
        assert story.accounts.loc[fakes.index].is_abusive.all()


class TestSelfReferrals:
    def test_by_device_the_easy_way_shows_in_users_the_hard_way_in_one_event(self, story: Story) -> None:
        for player, fakes in story.rings("self_referral_device", "easy"):
            assert set(fakes.device_id) == set(player.device_id)
        for player, fakes in story.rings("self_referral_device", "hard"):
            assert set(fakes.device_id).isdisjoint(player.device_id)
            assert set(player.device_id) <= story.seen(fakes.index, "device_id")

    def test_by_email_all_addresses_differ_and_have_one_key(self, story: Story) -> None:
        for variant, trace in (("easy", r"\+\d+@gmail\.com"), ("hard", r"^[^+]+@googlemail\.com")):
            for player, fakes in story.rings("self_referral_email", variant):
                assert set(fakes.email).isdisjoint(player.email)
                assert all(re.search(trace, address) for address in fakes.email)
                assert {email_key(address) for address in (*fakes.email, *player.email)} == {
                    email_key(player.email.iloc[0])
                }

    def test_by_payment_the_hard_way_leaves_the_record_empty(self, story: Story) -> None:
        for player, fakes in story.rings("self_referral_payment", "easy"):
            assert set(fakes.payment_fingerprint) == set(player.payment_fingerprint)
        shown = 0
        for player, fakes in story.rings("self_referral_payment", "hard"):
            assert fakes.payment_fingerprint.isna().all()
            shown += story.seen(fakes.index, "payment_fingerprint") == story.seen(player.index, "payment_fingerprint")
        assert shown > 0


class TestMadeUpCrowds:
    def test_a_farm_uses_one_device_or_two(self, story: Story) -> None:
        for _, fakes in story.rings("device_farm", "easy"):
            assert fakes.device_id.nunique() == 1
        sizes = [(len(fakes), fakes.device_id.nunique()) for _, fakes in story.rings("device_farm", "hard")]
        assert max(devices for _, devices in sizes) == 2
        assert max(accounts for accounts, _ in sizes) >= 5

    def test_a_ring_links_a_school_and_little_more(self, story: Story) -> None:
        for variant in ("easy", "hard"):
            fakes = pd.concat([fakes for _, fakes in story.rings("minimum_effort_ring", variant)])
            own = story.events[story.events.user_id.isin(fakes.index)]
            assert not own.event_type.str.startswith("receipt_scan").any()
            linked = own[own.event_type == "school_linked"].groupby("user_id").event_at.min()
            waited = pd.Timedelta((linked - fakes.created_at.loc[linked.index]).median())
            opens = (own.event_type == "app_open").sum() / len(fakes)
            if variant == "easy":
                assert waited < timedelta(hours=6)
                assert opens == 1  # that of the sign-up
            else:
                assert waited > timedelta(days=1)
                assert opens > 2

    def test_a_burst_comes_within_hours_or_within_a_day(self, story: Story) -> None:
        def span(fakes: pd.DataFrame) -> pd.Timedelta:
            return pd.Timedelta(fakes.created_at.quantile(0.9) - fakes.created_at.quantile(0.1))

        easy = [fakes for _, fakes in story.rings("velocity_burst", "easy")]
        hard = [fakes for _, fakes in story.rings("velocity_burst", "hard")]
        assert min(len(fakes) for fakes in easy + hard) >= 8
        assert all(span(fakes) < timedelta(hours=3) for fakes in easy)
        assert all(timedelta(hours=3) < span(fakes) < timedelta(hours=36) for fakes in hard)
        assert all(fakes.device_id.is_unique for fakes in easy + hard)

    def test_loops_close_over_two_accounts_or_over_three(self, story: Story) -> None:
        edges = story.referrals.dropna(subset=["referred_user_id"])
        invited = set(zip(edges.referrer_user_id, edges.referred_user_id, strict=True))
        for variant, length in (("easy", 2), ("hard", 3)):
            closed = 0
            for player, fakes in story.rings("circular", variant):
                start = player.index[0]
                ends = {start}
                for _ in range(length):
                    ends = {b for a, b in invited if a in ends and (b in fakes.index or b == start)}
                closed += start in ends
            assert closed > 0


class TestInnocentLookAlikes:
    def test_a_family_shares_a_tablet_a_name_and_no_referral(self, story: Story) -> None:
        families = story.accounts[story.accounts.kind == "family_tablet"]
        assert not families.is_abusive.any()
        by_device = story.users.loc[families.index].groupby("device_id")
        assert by_device.ngroups >= 5
        # The owner of a tablet may be labelled otherwise, as a teacher with a class.
        assert (by_device.size() >= 2).mean() > 0.8
        assert (by_device.last_name.nunique() == 1).mean() > 0.8  # a wrong name is corrected later
        device = story.users.device_id
        edges = story.referrals.dropna(subset=["referred_user_id"])
        edges = edges[edges.referred_user_id.isin(families.index)]
        same = device.loc[edges.referrer_user_id].to_numpy() == device.loc[edges.referred_user_id].to_numpy()
        assert not same.any()

    def test_a_teacher_invites_many_within_hours_and_is_innocent(self, story: Story) -> None:
        classes = story.sent[story.sent.kind == "class_invitation"]
        assert not classes.is_abusive.any()
        assert classes.groupby("scheme_id").size().max() >= 8
        times = story.referrals.loc[classes.referral_id].sent_at
        assert (times.groupby(classes.scheme_id.to_numpy()).agg(lambda at: at.max() - at.min())).max() <= timedelta(
            hours=6
        )
        teachers = story.accounts[story.accounts.kind == "class_invitation"]
        assert set(teachers.role) == {"innocent"}
        assert (story.users.loc[teachers.index].user_type == "teacher").mean() > 0.8


def test_abuse_is_a_small_part_of_accounts_and_of_invitations(story: Story) -> None:
    assert 0.02 < story.accounts.is_abusive.mean() < 0.12
    assert 0.02 < story.sent.is_abusive.mean() < 0.15


def test_the_configuration_sets_how_many_play_and_how_many_accounts_they_make_up(tmp_path: Path) -> None:
    sized = SimulationConfig(
        users=2000,
        seed=11,
        epoch=START,
        scheme_shares=(("device_farm", 0.02), ("circular", 0.0)),
        scheme_accounts=(("device_farm", (2, 3)),),
    )
    write_days(END, END, sized, Paths(tmp_path))
    accounts = pd.read_csv(tmp_path / "truth/accounts.csv", keep_default_na=False)
    assert "circular" not in set(accounts.kind)
    farms = accounts[accounts.kind == "device_farm"]
    honest = accounts[accounts.role != "fake_account"]
    assert (farms.role == "player").sum() / len(honest) == pytest.approx(0.02, rel=0.4)
    made_up = farms[farms.role == "fake_account"].groupby("scheme_id").size()
    assert made_up.max() == 3
