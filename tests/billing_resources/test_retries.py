"""Passing errors are retried, lasting ones are one sentence, and what was half done is finished by the next run."""

from __future__ import annotations

from typing import Any

import pytest
import stamina
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.hosts import stock
from tests.billing_resources.programs import alert, endpoint, meter, price, product
from tests.billing_resources.wire import is_secret

LOCKED = {"error": {"type": "invalid_request_error", "code": "lock_timeout", "message": "This object is locked."}}
PASSING: list[dict[str, Any]] = [
    {"status": 429, "count": 5},
    {"status": 429, "count": 5, "body": LOCKED},
    {"status": 409, "count": 5, "body": LOCKED},
    {"status": 400, "count": 5, "headers": {"Stripe-Should-Retry": "true"}},
    {"status": 503},
    {"status": 502, "count": 2},
]


@pytest.mark.parametrize("fault", PASSING)
def test_passing_errors(fault: dict[str, Any], ours: Engine, account: EmulatorClient) -> None:
    """They are retried under the same idempotency key until they pass."""
    account.fail_next(method="POST", **fault)
    assert ours.up(product()) == {"Product.team": "create"}
    requests = account.requests(method="POST")
    assert len(requests) == fault.get("count", 1) + 1
    assert len({one["idempotency_key"] for one in requests}) == 1


def waits(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long a create of one product waits between its attempts; nothing really waits."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    with stamina.set_testing(False):
        engine.up(product())
    return [seconds for seconds in slept if seconds > 0.1]


def test_waits_grow_and_are_spread(ours: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wait is about twice the one before, with up to a second of chance on top; five of them take 13 s at most."""
    account.fail_next(429, method="POST", count=5)
    found = waits(ours, monkeypatch)
    assert [0.25 * 2**number <= wait <= 0.25 * 2**number + 1 for number, wait in enumerate(found)] == [True] * 5
    assert len({wait % 0.25 for wait in found}) > 1


@pytest.mark.parametrize(("hint", "least", "most"), [("7", 7, 8.75), ("900", 30, 37.5)])
def test_stripe_says_how_long_to_wait(
    hint: str, least: float, most: float, ours: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hint is kept to, up to half a minute, and spread so that threads told the same do not come at once."""
    account.fail_next(429, method="POST", count=2, headers={"Retry-After": hint})
    found = waits(ours, monkeypatch)
    assert [least <= wait <= most for wait in found] == [True, True]
    assert found[0] != found[1]


@pytest.mark.parametrize("path", ["/v1/account", "/v1/products"])
def test_reads_are_retried(path: str, ours: Engine, account: EmulatorClient) -> None:
    """So are reads, also a 500, which Stripe keeps only for writes."""
    account.fail_next(500, method="GET", path=path)
    account.cut_next("before", method="GET", path=path)
    assert ours.up(product()) == {"Product.team": "create"}


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (429, "Stripe's rate limit stayed exceeded over all retries; run again later or lower --parallel"),
        (503, r"Stripe answered 503 over all retries \[request req_\w+\]; run again later"),
    ],
)
def test_lasting_errors(status: int, sentence: str, ours: Engine, account: EmulatorClient) -> None:
    """They are one sentence that says what was attempted; a later run converges."""
    account.fail_next(status, count=None, method="POST")
    with pytest.raises(Refused, match=f"^could not create Product team: {sentence}$"):
        ours.up(product())
    account.clear_faults()
    assert ours.up(product()) == {"Product.team": "create"}


def test_stripe_says_whether_to_retry(ours: Engine, account: EmulatorClient) -> None:
    """Its header is obeyed."""
    account.fail_next(429, method="POST", headers={"Stripe-Should-Retry": "false"})
    with pytest.raises(Refused, match="rate limit"):
        ours.up(product())
    assert account.count(method="POST") == 1


def test_what_stripe_refuses(ours: Engine) -> None:
    """Stripe's reason, its parameter and the request id, in one sentence."""
    says = r"Stripe says: No such product: 'prod_none' \(parameter product\) \[request req_\w+\]"
    with pytest.raises(Refused, match=f"^could not create Price monthly: {says}$"):
        ours.up(price(product="prod_none"))


def test_an_update_of_what_is_gone(engine: Engine, client: stripe.StripeClient) -> None:
    """The state is behind; the sentence names the command that mends it."""
    engine.up(product())
    object_id = engine.of("Product.team").id
    client.v1.products.delete(object_id)
    with pytest.raises(
        Refused, match=f"{object_id} is gone at Stripe; `pulumi refresh`, then `pulumi up` makes it anew"
    ):
        engine.up(product(name="Crew"))
    engine.refresh()
    assert engine.up(product(name="Crew")) == {"Product.team": "create"}


HALF: dict[str, tuple[tuple[Declared, ...], Declared, dict[str, Any]]] = {
    "endpoint": ((), endpoint(disabled=True), {"path": "/v1/webhook_endpoints/*"}),
    "alert": ((meter(),), alert(status="inactive"), {"path": "/v1/billing/alerts/*"}),
    "price": ((product(),), price(default=True), {"path": "/v1/products/*"}),
}


MADE_AT = {"endpoint": "/v1/webhook_endpoints", "alert": "/v1/billing/alerts", "price": "/v1/prices"}


@pytest.mark.parametrize("case", HALF)
def test_half_a_create_is_kept(case: str, ours: Engine, account: EmulatorClient) -> None:
    """When the second request of a create fails, the id is in the state, and the next run finishes the object."""
    before, declared, second = HALF[case]
    account.fail_next(503, count=None, method="POST", **second)
    with pytest.raises(Refused):
        ours.up(*before, declared)
    entry = ours.of(str(declared))
    assert entry.id
    assert entry.init_errors[0].startswith("could not ")
    account.clear_faults()
    assert ours.up(*before, declared)[str(declared)] == "update"
    assert ours.of(str(declared)).id == entry.id
    assert set(ours.refresh().values()) == {"same"}
    assert set(ours.up(*before, declared).values()) == {"same"}


@pytest.mark.parametrize("case", HALF)
def test_half_a_create_on_the_stock_host(case: str, account: EmulatorClient) -> None:
    """Where the engine cannot be told, the next run finds what was made and finishes it."""
    engine, (before, declared, second) = Engine(stock), HALF[case]
    account.fail_next(403, method="POST", **second)
    with pytest.raises(Refused):
        engine.up(*before, declared)
    assert engine.up(*before, declared)[str(declared)] == "create"
    assert account.count(method="POST", path=MADE_AT[case], replayed="false") == 1
    assert set(engine.refresh().values()) == {"same"}


def test_the_secret_of_half_a_create(ours: Engine, account: EmulatorClient) -> None:
    """The secret of a half created endpoint is kept, as a secret."""
    account.fail_next(503, count=None, method="POST", path="/v1/webhook_endpoints/*")
    with pytest.raises(Refused):
        ours.up(endpoint(disabled=True))
    before = ours.of("WebhookEndpoint.app").outputs["secret"]
    account.clear_faults()
    ours.up(endpoint(disabled=True))
    assert ours.of("WebhookEndpoint.app").outputs["secret"] == before
    assert is_secret(before)
