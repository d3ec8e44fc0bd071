"""Counts and durations, in Pulumi's words."""

from __future__ import annotations

import pytest

from billing_cli.view.summary import counts, duration, whole


@pytest.mark.parametrize(
    ("changes", "errored", "preview", "says"),
    [
        ({"same": 17}, 0, False, ["17 unchanged"]),
        ({"create": 17}, 0, True, ["+ 17 to create"]),
        ({}, 0, False, []),
        ({"same": 2, "read": 3}, 2, False, ["2 unchanged", "2 errored"]),
        (
            {"import": 1, "delete": 2, "replace": 3, "update": 4, "create": 5, "same": 6, "read": 7},
            0,
            False,
            ["+ 5 created", "~ 4 updated", "- 2 deleted", "+-3 replaced", "= 1 imported", "15 changes. 6 unchanged"],
        ),
    ],
)
def test_counts(changes: dict[str, int], errored: int, preview: bool, says: list[str]) -> None:
    """In the CLI's order; several kinds have a sum, what was only read is not counted."""
    assert counts(changes, errored, preview=preview).plain.splitlines() == [
        "Resources:",
        *("    " + one for one in says),
    ]


@pytest.mark.parametrize(("seconds", "text"), [(0.004, "0.00s"), (0.126, "0.13s"), (1.9, "1s"), (125.2, "2m5s")])
def test_durations_are_read_at_a_glance(seconds: float, text: str) -> None:
    """Fractions only where they matter."""
    assert duration(seconds) == text


def test_hours() -> None:
    """As Go writes them."""
    assert whole(3723) == "1h2m3s"
