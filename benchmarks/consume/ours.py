"""`billing.consume` as an application calls it: the decision, its history and what Stripe will be told, on disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.consume.callers import ENTITIES, Consume
from billing_runtime import Billing, LeaseSettings
from billing_runtime._cache.writing import Answer
from tests.billing_runtime.conftest import example

Json = dict[str, Any]
NAME = "ai_tokens"
DAY = 86_400


def manifest() -> Json:
    """The example's catalog: a metered plan, whose usage is billed at Stripe beyond what is included."""
    found = example()
    found["plans"]["alpaca-ai"]["limits"][NAME]["included"] = 10**12  # as in the other ways: nobody is refused
    return found


@contextmanager
def opened(url: str, **settings: Any) -> Iterator[Billing]:
    """The billing of an application; nothing is asked of Stripe."""
    with Billing.open(manifest=manifest(), store=url, api_key="sk_test_emulator", environ={}, **settings) as billing:
        yield billing


def subscribe(billing: Billing, entities: int = ENTITIES) -> None:
    """Everybody is a customer with a metered subscription, as Stripe would have told."""
    cache = billing._context.cache  # noqa: SLF001 - filled without Stripe
    now = int(time.time())
    price = {"id": "price_tokens", "product": "prod_ai", "metadata": {}}
    price["recurring"] = {"interval": "month", "interval_count": 1, "usage_type": "metered"}
    item = {"id": "si", "current_period_start": now - DAY, "current_period_end": now + 29 * DAY, "price": price}
    body = {"status": "active", "created": now - DAY, "items": [item], "billing_cycle_anchor": now - DAY}
    for place in range(entities):
        name = f"sub_{place}"
        whole = {**body, "id": name, "customer": f"cus_{place}"}
        cache.keep(Answer(f"cus_{place}", f"org_{place}", place + 1, now, [whole]))


@dataclass(frozen=True)
class Ours:
    """On one store."""

    url: str
    name: str
    leases: str | None = None
    """A Redis that lends units out in front of the store."""

    def prepare(self) -> None:
        """Make the store, and the customers."""
        with opened(self.url) as billing:
            subscribe(billing)

    @contextmanager
    def opened(self, callers: int) -> Iterator[Callable[[], Consume]]:
        """One Billing for all callers of a process, however many."""
        del callers
        lease = LeaseSettings(units=10_000)
        with opened(self.url, leases=self.leases, lease=lease) as billing:

            def consume(entity: str) -> object:
                return billing.consume(entity, NAME)

            yield lambda: consume
