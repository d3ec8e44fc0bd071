"""A shop with a meter of every kind, on an emulated Stripe whose clock is the application's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.billing_runtime.conftest import example

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]

#: name of the limit: formula, event window, window of the limit
KINDS: dict[str, tuple[str, str | None, str]] = {
    "tokens": ("sum", None, "period"),
    "calls": ("count", None, "period"),
    "stored": ("last", None, "lifetime"),
    "hourly": ("sum", "hour", "period"),
    "daily": ("sum", "day", "period"),
    "days": ("count", "day", "period"),
}


class Time:
    """The clock of the application and of Stripe, in the middle of a month."""

    def __init__(self, emulator: EmulatorClient) -> None:
        self.now, self._emulator = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC), emulator
        self.set(self.now)

    def __call__(self) -> datetime:
        """Now."""
        return self.now

    def set(self, moment: datetime) -> None:
        """Let it be then, for both."""
        self.now = moment
        self._emulator.clock.set(int(moment.timestamp()))

    def pass_(self, **length: float) -> None:
        """Time goes by."""
        self.set(self.now + timedelta(**length))

    @property
    def unix(self) -> int:
        """Seconds since 1970."""
        return int(self.now.timestamp())


def shop(client: stripe.StripeClient, account: str = "acct_emulator") -> Json:
    """A manifest with a free plan for everybody, whose limits are reported to meters that are at Stripe."""
    data: Json = example() | {"account": account}
    data["meters"] |= {name: _meter(client, name, *kind[:2]) for name, kind in KINDS.items()}
    limits = {
        name: {"included": "unlimited", "per": kind[2], "overage": "bill", "meter": name}
        for name, kind in KINDS.items()
    }
    free = {"free": True, "rank": 0, "prices": [], "name": "Free", "limits": limits, "audience": [], "features": {}}
    data["plans"]["free"] = data["plans"]["team"] | free
    return data


def _meter(client: stripe.StripeClient, name: str, formula: str, window: str | None) -> Json:
    params: Any = {"display_name": name, "event_name": name, "default_aggregation": {"formula": formula}}
    made = client.v1.billing.meters.create(params | ({"event_time_window": window} if window else {}))
    keys = {"customer_key": "stripe_customer_id", "value_key": "value"}
    return {"id": made.id, "event_name": name, "formula": formula, "window": window, **keys}


@pytest.fixture
def clock(stripe_emulator: EmulatorClient) -> Time:
    """The clock of everybody."""
    return Time(stripe_emulator)


@pytest.fixture
def data(stripe_client: stripe.StripeClient, clock: Time) -> Json:
    """The shop's manifest."""
    return shop(stripe_client)


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing],
    data: Json,
    stripe_emulator: EmulatorClient,
    clock: Time,
    request: pytest.FixtureRequest,
) -> Billing:
    """The shop's billing; on the backend of the test, if it has that parameter."""
    store = request.getfixturevalue("any_store_url" if "backend" in request.fixturenames else "store_url")
    return open_billing(manifest=data, api_base=stripe_emulator.url, store=store, clock=clock)


def rows(billing: Billing, entity_id: str = "org_1", table: str = "outbox") -> list[Json]:
    """What waits to be told, or was."""
    context = billing._context
    with context.store.reading(context.scope) as reading:
        return [dict(row) for row in reading.all(f"export_{table}", entity_id=entity_id)]


@pytest.fixture
def customer(billing: Billing) -> str:
    """The customer of org_1."""
    return billing.customers.ensure("org_1", kind="organization").id


@pytest.fixture
def at_stripe(stripe_client: stripe.StripeClient, data: Json, customer: str) -> Callable[..., int]:
    """What a meter has counted of the customer, asked by the plain SDK; of March, or of other days."""

    def count(meter: str, start: str = "2026-03-01", end: str = "2026-04-01") -> int:
        first, last = (int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) for day in (start, end))
        filters: Any = {"customer": customer, "start_time": first, "end_time": last}
        page = stripe_client.v1.billing.meters.event_summaries.list(data["meters"][meter]["id"], filters)
        return int(sum(row.aggregated_value for row in page.auto_paging_iter()))

    return count


def summed(client: stripe.StripeClient, meter: str, customer: str, month: str) -> int:
    """What Stripe has counted in a month."""
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    filters: Any = {"customer": customer, "start_time": int(start.timestamp()), "end_time": int(end.timestamp())}
    return int(sum(row.aggregated_value for row in client.v1.billing.meters.event_summaries.list(meter, filters).data))
