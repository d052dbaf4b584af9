"""The simulator's settings."""

from datetime import date

import pytest

from include.generator import ConfigurationError, SimulationConfig, config_from_env


def test_the_environment_sets_users_seed_epoch_and_format() -> None:
    environment = {"CARTON_USERS": "50", "CARTON_SEED": "3", "CARTON_EPOCH": "2026-02-01", "CARTON_FORMAT": "parquet"}
    expected = SimulationConfig(users=50, seed=3, epoch=date(2026, 2, 1), file_format="parquet")
    assert config_from_env(environment) == expected


def test_unset_and_empty_variables_keep_the_defaults() -> None:
    assert config_from_env({"CARTON_USERS": ""}) == SimulationConfig()


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
