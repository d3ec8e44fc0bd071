"""The page that tells how equal the local engine is."""

from __future__ import annotations

from tests.local_engine import recording
from tests.local_engine.conformance_table import PAGE, render
from tests.local_engine.differences import DIFFERENCES, NOT_PLAYED


def test_the_page_is_true() -> None:
    """The page says what the tests use: `python -m tests.local_engine.conformance_table` writes it anew."""
    assert PAGE.read_text() == render()


def test_every_difference_has_a_reason_and_a_place() -> None:
    """No difference is listed without a reason, or for a step that was never recorded."""
    steps = {(name, step["id"]) for name, found in recording.SCENARIOS.items() for step in found["steps"]}
    assert all(DIFFERENCES.values())
    assert all(NOT_PLAYED.values())
    assert {(name, step) for name, step, _ in DIFFERENCES} <= steps
    assert set(NOT_PLAYED) <= set(recording.SCENARIOS)
