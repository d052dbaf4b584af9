"""The simulator's settings: their sources, which of them wins, and what is refused."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from include.generator import ConfigurationError, SimulationConfig, config_from_env
from include.generator.config import INCIDENT_KINDS, SCHEME_KINDS
from include.generator.schemes import SCHEMES
from include.generator.truth import read_note
from include.settings import PROJECT_ROOT


def written(folder: Path, text: str) -> Path:
    file = folder / "world.yaml"
    file.write_text(text)
    return file


def test_the_environment_sets_users_seed_epoch_and_format() -> None:
    environment = {"CARTON_USERS": "50", "CARTON_SEED": "3", "CARTON_EPOCH": "2026-02-01", "CARTON_FORMAT": "parquet"}
    expected = SimulationConfig(users=50, seed=3, epoch=date(2026, 2, 1), file_format="parquet")
    assert config_from_env(environment) == expected


def test_unset_and_empty_variables_keep_the_defaults() -> None:
    assert config_from_env({"CARTON_USERS": "", "CARTON_SIMULATION": ""}) == SimulationConfig()


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("CARTON_USERS", "many"),
        ("CARTON_USERS", "0"),
        ("CARTON_EPOCH", "soon"),
        ("CARTON_FORMAT", "xml"),
        ("CARTON_SEED", "-1"),
    ],
)
def test_a_text_that_cannot_be_used_is_an_error_naming_the_variable(variable: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        config_from_env({variable: text})


class TestAFileOfSettings:
    def test_sets_any_field(self, tmp_path: Path) -> None:
        file = written(
            tmp_path,
            "users: 500\nepoch: 2026-02-01\nformat: parquet\nlate_rate: 0\nincidents: [award_stop, missing_day]\n"
            "bonus_changes_after_days: 10\n",
        )
        assert config_from_env({"CARTON_SIMULATION": str(file)}) == SimulationConfig(
            users=500,
            epoch=date(2026, 2, 1),
            file_format="parquet",
            late_rate=0.0,
            incidents=("missing_day", "award_stop"),
            bonus_changes_after_days=10,
        )

    def test_is_overruled_by_a_variable_of_its_own(self, tmp_path: Path) -> None:
        file = written(tmp_path, "users: 500\nseed: 9\n")
        config = config_from_env({"CARTON_SIMULATION": str(file), "CARTON_USERS": "80"})
        assert (config.users, config.seed) == (80, 9)

    def test_may_be_empty(self, tmp_path: Path) -> None:
        assert config_from_env({}, file=written(tmp_path, "# nothing yet\n")) == SimulationConfig()

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("late: 0.1", "world.yaml sets 'late', which is no setting: choose from users, seed, epoch, format, late_"),
            ("late_rate: often", "world.yaml sets late_rate to 'often': expected a rate between 0 and 1"),
            ("late_rate: 1.5", "late_rate is 1.5: a rate lies between 0 and 1"),
            ("late_rate: .nan", "late_rate is nan: a rate lies between 0 and 1"),
            ("users: true", "world.yaml sets users to True: expected a whole number"),
            ("epoch: soon", "world.yaml sets epoch to 'soon': expected a day, like 2026-01-01"),
            ("epoch: 2026-01-01 10:00:00", "expected a day, like 2026-01-01"),
            ("format: 3", "world.yaml sets file_format to 3: expected csv or parquet"),
            ("incidents: {a: 1}", "expected all, none or a list of kinds"),
            ("incidents: earthquake", "incidents names 'earthquake': choose from half_volume, "),
            ("bonus_changes_after_days: -1", "bonus_changes_after_days is -1: give days after the epoch"),
            ("- 500", "world.yaml holds no settings: write one `name: value` per line"),
            ("users: [", "world.yaml cannot be read"),
        ],
    )
    def test_with_a_mistake_is_refused_by_name(self, tmp_path: Path, text: str, message: str) -> None:
        with pytest.raises(ConfigurationError) as error:
            config_from_env({}, file=written(tmp_path, text + "\n"))
        assert message in str(error.value)

    def test_that_does_not_exist_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"absent\.yaml cannot be read.*--config or CARTON_SIMULATION"):
            config_from_env({}, file=tmp_path / "absent.yaml")


@pytest.mark.parametrize(("text", "kinds"), [("all", INCIDENT_KINDS), ("none", ())])
def test_incidents_can_be_all_or_none(tmp_path: Path, text: str, kinds: tuple[str, ...]) -> None:
    assert config_from_env({}, file=written(tmp_path, f"incidents: {text}\n")).incidents == kinds


def test_the_order_of_incidents_makes_no_other_world() -> None:
    assert SimulationConfig(incidents=("award_stop", "half_volume", "award_stop")) == SimulationConfig(
        incidents=("half_volume", "award_stop")
    )


def test_a_command_line_option_wins_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "users: 30\nlate_rate: 0.5\nmalformed_rate: 0.01\n")
    command = [sys.executable, "-m", "include.generator", "--start", "2026-01-01", "--end", "2026-01-01"]
    options = ["--config", str(file), "--late-rate", "0.2", "--incidents", "half_volume,award_stop"]
    environment = {**os.environ, "CARTON_DATA_DIR": str(tmp_path)}
    subprocess.run(command + options, cwd=PROJECT_ROOT, env=environment, check=True, capture_output=True)
    note = read_note(tmp_path / "truth/world.json")
    assert (note["users"], note["late_rate"], note["malformed_rate"]) == (30, 0.2, 0.01)
    assert note["incidents"] == ["half_volume", "award_stop"]


class TestSizesOfAbuse:
    def test_every_kind_of_abuse_can_be_sized(self) -> None:
        assert [scheme.name for scheme in SCHEMES[1:]] == list(SCHEME_KINDS)

    def test_a_file_sets_shares_and_accounts_by_kind(self, tmp_path: Path) -> None:
        text = "scheme_shares: {device_farm: 0.01, circular: 0}\nscheme_accounts:\n  device_farm: [20, 30]\n"
        config = config_from_env({}, file=written(tmp_path, text))
        assert dict(config.scheme_shares) == {"device_farm": 0.01, "circular": 0}
        assert dict(config.scheme_accounts) == {"device_farm": (20, 30)}

    def test_the_order_of_kinds_makes_no_other_world(self) -> None:
        pairs = [("circular", 0.01), ("device_farm", 0.02)]
        assert SimulationConfig(scheme_shares=tuple(pairs)) == SimulationConfig(scheme_shares=tuple(pairs[::-1]))

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("scheme_shares: {tax_fraud: 0.01}", r"scheme_shares names 'tax_fraud': choose from self_referral_device"),
            ("scheme_shares: {circular: 0.5}", r"scheme_shares of circular is 0\.5: .*from 0 to 0\.1"),
            ("scheme_shares: 0.01", r"expected shares by kind"),
            (
                "scheme_accounts: {circular: [3, 1]}",
                r"scheme_accounts of circular is \[3, 1\]: give the fewest",
            ),
            ("scheme_accounts: {circular: 3}", r"expected fewest and most accounts by kind"),
            ("compounding_school_factor: 0.5", r"compounding_school_factor is 0\.5: give a factor from 1"),
        ],
    )
    def test_sizes_that_cannot_be_used_are_refused(self, tmp_path: Path, text: str, reason: str) -> None:
        with pytest.raises(ConfigurationError, match=reason):
            config_from_env({}, file=written(tmp_path, text + "\n"))

    def test_the_command_line_sets_them_too_and_the_truth_notes_them(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "include.generator", "--start", "2026-01-01", "--end", "2026-01-01"]
        options = ["--users", "30", "--compounding-school-factor", "1", "--scheme-accounts", "circular=2-4"]
        options += ["--scheme-shares", "device_farm=0.01", "circular=0"]
        environment = {**os.environ, "CARTON_DATA_DIR": str(tmp_path)}
        subprocess.run(command + options, cwd=PROJECT_ROOT, env=environment, check=True, capture_output=True)
        note = read_note(tmp_path / "truth/world.json")
        assert note["scheme_shares"] == {"device_farm": 0.01, "circular": 0}
        assert note["scheme_accounts"] == {"circular": [2, 4]}
        assert note["compounding_school_factor"] == 1
