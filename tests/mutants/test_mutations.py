"""The list of mutations is true: each changes one place of a file that is there."""

from __future__ import annotations

from tests.mutants.__main__ import misplaced
from tests.mutants.mutations import MUTATIONS


def test_what_a_mutation_changes_stands_exactly_once_in_its_file():
    assert len(MUTATIONS) >= 25
    assert [misplaced(mutation) for mutation in MUTATIONS if misplaced(mutation)] == []


def test_every_mutation_changes_something_and_is_listed_once():
    assert [mutation for mutation in MUTATIONS if mutation.before == mutation.after] == []
    assert len({(mutation.file, mutation.before, mutation.after) for mutation in MUTATIONS}) == len(MUTATIONS)
