"""Requests are spaced so that Stripe need not refuse them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources._engine.pace import Pace
from billing_resources._engine.settings import Settings
from tests.billing_resources.engine import Engine
from tests.billing_resources.programs import product


@given(per_second=st.integers(1, 200), gaps=st.lists(st.floats(0, 2), max_size=50))
def test_never_more_than_so_many_in_a_second(per_second: int, gaps: list[float]) -> None:
    """However requests arrive, neighbours are at least one interval apart, and nobody waits without need."""
    clock, moments = [0.0], list[float]()
    pace = Pace(per_second, now=lambda: clock[0], sleep=lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    for gap in gaps:
        clock[0] += gap
        arrived = clock[0]
        pace.wait()
        moments.append(clock[0])
        earliest = arrived if len(moments) == 1 else max(arrived, moments[-2] + 1 / per_second)
        assert clock[0] == pytest.approx(earliest)


@pytest.mark.parametrize(
    ("settings", "rate"),
    [
        (Settings(api_key="sk_test_a"), 20),
        (Settings(api_key="sk_live_a"), 80),
        (Settings(api_key="sk_test_a", api_base="http://127.0.0.1:1"), None),
        (Settings(api_key="sk_test_a", api_base="http://127.0.0.1:1", rate_limit="7"), 7),
    ],
)
def test_the_rate_follows_the_mode(settings: Settings, rate: int | None) -> None:
    """A little below Stripe's limit of the mode; an emulator has none; the stack may say another."""
    assert settings.requests_per_second == rate


def test_a_paced_stack_works(ours: Engine) -> None:
    """With a rate the requests go out all the same."""
    ours.config = {"stripe:rateLimit": "1000"}
    assert ours.up(product()) == {"Product.team": "create"}
