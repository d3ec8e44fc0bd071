"""A free plan with limits of every kind: what is counted needs neither Stripe nor the network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import LeaseSettings
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from tests.redis_server import Server

Json = dict[str, Any]


class Time:
    """A clock that is set; in the middle of a month, an hour before midnight."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 14, 23, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Now."""
        return self.now

    def pass_(self, **length: float) -> None:
        """Time goes by."""
        self.now += timedelta(**length)


def limit(included: int | str, **facts: Any) -> Json:
    """A limit of the manifest."""
    return {"included": included, "per": "month", "overage": "block", "meter": None} | facts


LIMITS = {
    "credits": limit(100),
    "images": limit(3, per="day"),
    "seconds": limit(10, overage="allow"),
    "tokens": limit(1000, per="period", overage="bill", meter="alpaca-ai-tokens"),
    "projects": limit(2, per="lifetime"),
    "denied": limit(0),
    "free": limit("unlimited"),
}


@pytest.fixture
def clock() -> Time:
    """The application's clock."""
    return Time()


@pytest.fixture(params=[*BACKENDS, pytest.param("redis", marks=pytest.mark.redis)])
def backend(request: pytest.FixtureRequest) -> str:
    """Everything here must be so on every backend; `redis` is leases in front of the default one."""
    return str(request.param)


@pytest.fixture
def leased(backend: str, request: pytest.FixtureRequest) -> Json:
    """Settings of `Billing.open` for leases, on the backend that has them."""
    if backend != "redis":
        return {}
    server: Server = request.getfixturevalue("redis_server")
    return {"leases": server.url, "lease": LeaseSettings(units=50, seconds=3600)}


@pytest.fixture
def limited(manifest_data: Json) -> Json:
    """The example with a free plan for everybody."""
    free = manifest_data["plans"]["team"] | {"free": True, "rank": 0, "prices": [], "name": "Free", "limits": LIMITS}
    manifest_data["plans"]["free"] = free | {"audience": [], "features": {}}
    return manifest_data


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing], limited: Json, any_store_url: str, clock: Time, leased: Json
) -> Billing:
    """The example's billing, which is never to talk to Stripe here."""
    return open_billing(manifest=limited, store=any_store_url, clock=clock, api_base="http://127.0.0.1:9", **leased)
