"""A limit that is lent out through a real Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import LeaseSettings
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.consuming.conftest import LIMITS, Time, limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from tests.redis_server import Server

Json = dict[str, Any]


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Everything here must be so on every backend."""
    return str(request.param)


@pytest.fixture
def clock() -> Time:
    """The application's clock."""
    return Time()


@pytest.fixture
def limited(manifest_data: Json) -> Json:
    """The example with a free plan for everybody."""
    limits = LIMITS | {"calls": limit(10_000), "metered": limit(10_000, meter="alpaca-ai-tokens", per="period")}
    free = manifest_data["plans"]["team"] | {"free": True, "rank": 0, "prices": [], "name": "Free", "limits": limits}
    manifest_data["plans"]["free"] = free | {"audience": [], "features": {}}
    return manifest_data


@pytest.fixture
def open_leased(
    open_billing: Callable[..., Billing], limited: Json, any_store_url: str, clock: Time, redis_server: Server
) -> Callable[..., Billing]:
    """Open one process's billing; all of them share a store and a Redis."""

    def open_one(**lease: Any) -> Billing:
        return open_billing(
            manifest=limited,
            store=any_store_url,
            clock=clock,
            api_base="http://127.0.0.1:9",
            leases=redis_server.url,
            lease=LeaseSettings(**{"units": 100, "seconds": 3600, **lease}),
        )

    return open_one


@pytest.fixture
def billing(open_leased: Callable[..., Billing]) -> Billing:
    """One process."""
    return open_leased()
