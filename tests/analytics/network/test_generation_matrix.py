"""Growth of a matrix of types and its elasticities: closed forms, and what a small change really does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from include.analytics.network.generation_matrix import growth, next_generation


def test_two_types_by_hand():
    radius, elasticities = growth(np.array([[0.2, 0.3], [0.3, 0.2]]))
    assert radius == pytest.approx(0.5)
    assert elasticities == pytest.approx(np.array([[0.2, 0.3], [0.3, 0.2]]))  # both vectors are (1, 1)


def test_an_elasticity_is_what_a_small_change_does():
    matrix = np.array([[0.30, 0.10, 0.02], [0.05, 0.20, 0.00], [0.01, 0.04, 0.10]])
    radius, elasticities = growth(matrix)
    assert elasticities.sum() == pytest.approx(1)
    for entry in np.ndindex(matrix.shape):
        changed = matrix.copy()
        changed[entry] *= 1.0001
        by_change = (max(abs(np.linalg.eigvals(changed))) / radius - 1) / 0.0001
        assert elasticities[entry] == pytest.approx(by_change, abs=1e-4)


def test_what_dies_out_does_not_grow():
    radius, elasticities = growth(np.array([[0.0, 0.7], [0.0, 0.0]]))  # b brings a, a brings nobody
    assert radius == 0
    assert not elasticities.any()


def test_the_table_reads_from_and_to_the_right_way_round():
    pairs = pd.DataFrame(
        [(60, "parent", "parent", 10, 1), (60, "parent", "teacher", 10, 4), (60, "teacher", "parent", 5, 1),
         (60, "teacher", "teacher", 5, 0), (90, "parent", "parent", 0, 0)],
        columns=["window_days", "from_type", "to_type", "mature_users", "offspring"],
    )  # fmt: skip
    pd.testing.assert_frame_equal(next_generation(pairs), next_generation(pairs.iloc[::-1]))
    found = next_generation(pairs).set_index(["window_days", "from_type", "to_type"])
    radius, elasticities = growth(np.array([[0.1, 0.2], [0.4, 0.0]]))  # rows are who comes
    assert found["programme_r"].loc[60].tolist() == pytest.approx([radius] * 4)
    assert found.loc[(60, "parent", "teacher"), "elasticity"] == pytest.approx(elasticities[1, 0])
    assert found.loc[(60, "teacher", "parent"), "elasticity"] == pytest.approx(elasticities[0, 1])
    assert found.loc[(90, "parent", "parent"), "programme_r"] == 0


def test_no_pairs_give_no_rows():
    assert next_generation(
        pd.DataFrame(columns=["window_days", "from_type", "to_type", "mature_users", "offspring"])
    ).empty
