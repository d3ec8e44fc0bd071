"""A run that dies between Stripe's answer and the state leaves nothing double: the next one takes what is there."""

from __future__ import annotations

import contextlib
from typing import Any

import grpc
import pytest
import stripe
from pulumi.runtime.proto import provider_pb2

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.hosts import COMMANDS, connected, process
from tests.billing_resources.programs import alert, data, endpoint, meter, price, product
from tests.billing_resources.wire import revealed, struct

KINDS: dict[str, tuple[tuple[Declared, ...], Declared, str]] = {
    "Product": ((), product(), "/v1/products"),
    "Price": ((product(),), price(lookup_key="team_monthly", default=True), "/v1/prices"),
    "Meter": ((), meter(), "/v1/billing/meters"),
    "Alert": ((meter(),), alert(status="inactive"), "/v1/billing/alerts"),
    "WebhookEndpoint": ((), endpoint(disabled=True), "/v1/webhook_endpoints"),
}


def count_of(client: stripe.StripeClient, path: str) -> int:
    """How many living objects of a kind the account has."""
    found = client.raw_request("get", path)
    listed: list[dict[str, Any]] = client.deserialize(found, api_mode="V1").to_dict()["data"]
    return len([one for one in listed if one.get("active") is not False])


def left_by_a_dead_run(engine: Engine, account: EmulatorClient, kind: str) -> None:
    """Create the object, but lose everything about it: the host is killed after Stripe has made it."""
    before, declared, path = KINDS[kind]
    engine.up(*before)
    pause = account.pause_next("after", method="POST", path=path)
    urn, inputs = engine.urn(declared.kind, declared.name), engine.inputs_of(declared)
    with process(COMMANDS[engine.start]) as host, connected(host.port) as stub:
        stub.Configure(provider_pb2.ConfigureRequest())
        call = stub.Create.future(provider_pb2.CreateRequest(urn=urn, properties=struct(inputs)))
        pause.wait_until_reached()
        host.kill()
        assert isinstance(call.exception(), grpc.RpcError)
    account.clear_faults()


@pytest.mark.rule("killed", "first")
@pytest.mark.parametrize("kind", KINDS)
def test_killed_after_the_create(kind: str, engine: Engine, account: EmulatorClient, client: Any) -> None:
    """A host is killed after Stripe made the object: the next run takes and finishes it, and it stays the only one."""
    before, declared, path = KINDS[kind]
    left_by_a_dead_run(engine, account, kind)
    assert engine.up(*before, declared)[str(declared)] == "create"
    assert count_of(client, path) == 1
    assert set(engine.refresh().values()) == {"same"}
    assert set(engine.up(*before, declared).values()) == {"same"}


@pytest.mark.rule("killed", "first")
@pytest.mark.parametrize("kind", KINDS)
def test_cut_off_after_the_create(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """A connection that breaks after Stripe made the object: the retry gets the same one."""
    before, declared, path = KINDS[kind]
    ours.up(*before)
    account.cut_next("after", method="POST", path=path)
    ours.up(*before, declared)
    assert count_of(client, path) == 1
    assert set(ours.up(*before, declared).values()) == {"same"}


@pytest.mark.parametrize("kind", KINDS)
def test_cut_off_for_good(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """If no answer ever arrives, the run fails with a sentence and the next one takes the object."""
    before, declared, path = KINDS[kind]
    ours.up(*before)
    account.cut_next("after", method="POST", path=path, count=None)
    with pytest.raises(Refused, match=f"could not create {kind} {declared.name}: Stripe cannot be reached"):
        ours.up(*before, declared)
    account.clear_faults()
    ours.up(*before, declared)
    assert count_of(client, path) == 1


@pytest.mark.parametrize("kind", ["Product", "Price", "WebhookEndpoint"])
def test_the_program_changed_meanwhile(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """What can change in place is changed on the object that is there, although the request is another one now."""
    before, declared, path = KINDS[kind]
    left_by_a_dead_run(ours, account, kind)
    changed = Declared(kind, declared.name, {**declared.args, "metadata": {"a": "1"}})
    ours.up(*before, changed)
    assert count_of(client, path) == 1
    assert set(ours.refresh().values()) == {"same"}
    assert set(ours.up(*before, changed).values()) == {"same"}


def test_found_behind_many_others(ours: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """Every page is read: an object of ours is found although it is the oldest of many, a day later."""
    account.clock.set("2026-01-01")
    left_by_a_dead_run(ours, account, "Product")
    for number in range(120):
        client.v1.products.create({"name": f"Theirs {number}"})
    account.clock.advance(25 * 3600)
    account.clear_requests()
    ours.up(product())
    assert account.counts() == {"GET /v1/account": 1, "GET /v1/products": 2}


def test_a_day_later_the_price_is_taken_by_its_marks(ours: Engine, account: EmulatorClient, client: Any) -> None:
    """No answer is kept any more; its default, which the dead run did not write, is written now."""
    account.clock.set("2026-01-01")
    left_by_a_dead_run(ours, account, "Price")
    account.clock.advance(25 * 3600)
    before, declared, path = KINDS["Price"]
    ours.up(*before, declared)
    assert count_of(client, path) == 1
    assert client.v1.products.retrieve(ours.of("Product.team").id).default_price == ours.of("Price.monthly").id
    assert set(ours.refresh().values()) == set(ours.up(*before, declared).values()) == {"same"}


def test_a_day_later_the_meter_is_named(ours: Engine, account: EmulatorClient, client: Any) -> None:
    """It has no marks: the refusal has its id, and the import that it prints brings it back; there is no second one."""
    account.clock.set("2026-01-01")
    left_by_a_dead_run(ours, account, "Meter")
    account.clock.advance(25 * 3600)
    (left,) = client.v1.billing.meters.list().data
    with pytest.raises(Refused, match=f"pulumi import pulumi-python:dynamic/stripe:Meter tokens {left.id}"):
        ours.up(meter())
    ours.take_in("Meter", "tokens", left.id)
    assert set(ours.up(meter()).values()) == {"same"}
    assert count_of(client, "/v1/billing/meters") == 1


def test_the_secret_is_not_lost(ours: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """An endpoint's secret is shown once; the next run gets it from the replayed answer."""
    left_by_a_dead_run(ours, account, "WebhookEndpoint")
    ours.up(endpoint(disabled=True))
    assert revealed(ours.of("WebhookEndpoint.app").outputs["secret"]).startswith("whsec_")
    assert account.requests(method="POST", path="/v1/webhook_endpoints")[-1]["replayed"]


def test_an_endpoint_without_a_known_secret_is_made_anew(ours: Engine, account: EmulatorClient, client: Any) -> None:
    """After Stripe forgot the key, nobody knows the secret: a new endpoint takes over, and the orphan goes."""
    account.clock.set("2026-01-01")
    left_by_a_dead_run(ours, account, "WebhookEndpoint")
    account.clock.advance(25 * 3600)
    ours.up(endpoint())
    assert [one.id for one in client.v1.webhook_endpoints.list().data] == [ours.of("WebhookEndpoint.app").id]
    assert "secret" in ours.of("WebhookEndpoint.app").outputs


@pytest.mark.rule("half made", "Price")
@pytest.mark.parametrize("writes", [1, 2, 3])
def test_killed_in_a_replacement(
    writes: int, ours: Engine, account: EmulatorClient, client: stripe.StripeClient
) -> None:
    """Whichever of the three writes was the last one, the next run ends with one active price, the default one."""
    ours.up(product(), price(lookup_key="team_monthly", default=True))
    changed = (product(), price(lookup_key="team_monthly", default=True, unit_amount=1500))
    account.cut_next("after", method="POST", skip=writes - 1, count=None)
    with contextlib.suppress(Refused):
        ours.up(*changed)
    account.clear_faults()
    ours.up(*changed)
    active = client.v1.prices.list({"active": True}).data
    assert [(one.unit_amount, one.lookup_key) for one in active] == [(1500, "team_monthly")]
    assert client.v1.products.retrieve(ours.of("Product.team").id).default_price == active[0].id
    assert set(ours.up(*changed).values()) == {"same"}


def test_metadata_back_and_forth(ours: Engine, client: stripe.StripeClient) -> None:
    """A, B, A and B again within a day are four updates: no answer is replayed."""
    for value in ("a", "b", "a", "b"):
        ours.up(product(metadata={"x": value}))
        assert data(client.v1.products.retrieve(ours.of("Product.team").id))["metadata"]["x"] == value


def test_destroyed_and_created_within_a_day(engine: Engine, client: stripe.StripeClient) -> None:
    """The kept answer about a deleted product does not come back: it is created anew, as often as you like."""
    ids = set()
    for _ in range(3):
        engine.up(product())
        ids.add(engine.of("Product.team").id)
        engine.destroy()
    assert len(ids) == 3
