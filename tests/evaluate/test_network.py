"""The network's evaluation: its words on worlds typed in, and the whole of it on one small world."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from include.evaluate.network import Compared, K, evaluate, relative_error, report
from include.settings import Paths

GOOD = Compared(
    world="seed 1",
    measured=K(21, 200),
    true=K(20, 200),
    genuine_measured=K(10, 190),
    genuine_true=K(10, 190),
    school_id=8,
    school_rank=1,
    ranked_schools=20,
    probability=0.98,
    school_k=0.4,
    programme_k=0.1,
    top_sender_share=0.2,
)


def test_a_world_beyond_the_bar_is_said_to_miss_it():
    missed = replace(GOOD, world="seed 2", measured=K(23, 200), school_rank=None, probability=None)
    text = report([GOOD, missed])
    assert "| seed 1 | 0.1050 (21/200) | 0.1000 (20/200) | +5.0% | yes |" in text
    assert "| seed 2 | 0.1150 (23/200) | 0.1000 (20/200) | +15.0% | NO |" in text
    assert "ranked first in 1 of 2 worlds" in text
    assert "| seed 2 | 8 | not ranked | - |" in text


def test_an_error_is_relative_and_nothing_against_nothing_is_none():
    assert relative_error(K(8, 100), K(10, 100)) == pytest.approx(-0.2)
    assert relative_error(K(0, 100), K(0, 50)) == 0
    assert relative_error(K(1, 100), K(0, 50)) == float("inf")


@pytest.mark.slow
@pytest.mark.extended
def test_the_school_that_compounds_leads_and_k_is_near_the_truth(tmp_path: Path):
    text = evaluate(Paths(tmp_path), reported=[1])
    assert (tmp_path / "evaluate" / "network.md").read_text("utf-8") == text + "\n"
    assert "NO |" not in text
    assert "ranked first in 1 of 1 worlds" in text
