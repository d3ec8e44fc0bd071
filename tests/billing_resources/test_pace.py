"""Requests are spaced so that Stripe need not refuse them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources._engine.pace import Pace, Paces, endpoint_of
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
        (Settings(api_key="sk_test_a"), (25, 25)),
        (Settings(api_key="sk_live_a"), (100, 25)),
        (Settings(api_key="rk_live_a"), (100, 25)),
        (Settings(api_key="sk_live_a", rate_limit="500"), (500, None)),
        (Settings(api_key="sk_test_a", api_base="http://127.0.0.1:1"), (None, None)),
        (Settings(api_key="sk_test_a", api_base="http://127.0.0.1:1", rate_limit="7"), (7, None)),
    ],
)
def test_the_rate_follows_the_mode(settings: Settings, rate: tuple[int | None, int | None]) -> None:
    """Stripe's limits of the mode, of the account and each endpoint; an emulator has none; a stack may say another."""
    assert (settings.requests_per_second, settings.requests_per_endpoint) == rate


@given(asked=st.lists(st.tuples(st.sampled_from(["prices", "products", "meters"]), st.floats(0, 0.1)), max_size=80))
def test_no_endpoint_has_more_than_its_share(asked: list[tuple[str, float]]) -> None:
    """However the requests of a live account are mixed, a second has at most 100 of all and 25 of each endpoint."""
    clock, moments = [0.0], list[tuple[str, float]]()
    paces = Paces(100, 25, now=lambda: clock[0], sleep=lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    for resource, gap in asked:
        clock[0] += gap
        paces.wait("post", f"https://api.stripe.com/v1/{resource}/id_1A{len(moments)}")
        moments.append((resource, clock[0]))
    for index, (resource, moment) in enumerate(moments):
        within = [one for one, other in moments[index:] if other < moment + 1 - 1e-9]
        assert len(within) <= 100
        assert within.count(resource) <= 25


@pytest.mark.parametrize(
    ("method", "path", "endpoint"),
    [
        ("post", "/v1/prices", "POST v1/prices"),
        ("post", "/v1/prices/price_1Nq2", "POST v1/prices"),
        ("get", "/v1/prices?limit=100&active=true", "GET v1/prices"),
        ("post", "/v1/billing/meters/mtr_test_61a/deactivate", "POST v1/billing/meters/deactivate"),
    ],
)
def test_an_endpoint_has_no_ids(method: str, path: str, endpoint: str) -> None:
    """Every object of a kind counts towards one limit."""
    assert endpoint_of(method, f"https://api.stripe.com{path}") == endpoint


def test_a_paced_stack_works(ours: Engine) -> None:
    """With a rate the requests go out all the same."""
    ours.config = {"stripe:rateLimit": "1000"}
    assert ours.up(product()) == {"Product.team": "create"}
