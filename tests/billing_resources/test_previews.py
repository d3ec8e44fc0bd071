"""Previews: nothing is asked of Stripe, what is known is answered, and right after an up there is nothing to do."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from pulumi.runtime.proto import provider_pb2

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.programs import alert, endpoint, meter, metered, price, product
from tests.billing_resources.wire import UNKNOWN, is_secret, plain, revealed, struct

EVERYTHING = (product(), meter(), price(default=True), metered(), alert(), endpoint())


@pytest.fixture
def stub(ours: Engine) -> Any:
    """A configured host to talk to directly."""
    with ours.host() as stub:
        yield stub


def test_previews_ask_nothing(ours: Engine, account: EmulatorClient) -> None:
    """A preview of a whole new stack makes no request, not even with a key."""
    assert set(ours.preview(*EVERYTHING).values()) == {"create"}
    assert account.requests() == []


def test_nothing_to_do_right_after_up(engine: Engine) -> None:
    """The preview after an up is empty for every kind, and so it is after a refresh."""
    engine.up(*EVERYTHING)
    assert set(engine.preview(*EVERYTHING).values()) == {"same"}
    assert set(engine.refresh().values()) == {"same"}
    assert set(engine.preview(*EVERYTHING).values()) == {"same"}


def test_a_preview_of_a_create_answers_the_inputs(ours: Engine, stub: Any) -> None:
    """What the program wrote is known before the object is; what it does not know yet stays unknown."""
    news = ours.inputs_of(price())
    assert news["product"] == UNKNOWN
    urn = ours.urn("Price", "monthly")
    checked = stub.Check(provider_pb2.CheckRequest(urn=urn, news=struct(news))).inputs
    made = stub.Create(provider_pb2.CreateRequest(urn=urn, properties=checked, preview=True))
    assert made.id == ""
    assert plain(made.properties) == {**news, "unit_amount": 1200.0}


def test_a_preview_of_an_update_keeps_what_stripe_made(ours: Engine) -> None:
    """The secret stays a known secret and the new inputs are shown, although nothing was written."""
    ours.up(endpoint())
    old, news = ours.of("WebhookEndpoint.app"), ours.inputs_of(endpoint(description="New"))
    urn, olds = ours.urn("WebhookEndpoint", "app"), struct(revealed(old.outputs))
    request = provider_pb2.UpdateRequest(id=old.id, urn=urn, olds=olds, news=struct(news), preview=True)
    with ours.host() as stub:
        outputs = plain(stub.Update(request).properties)
    assert is_secret(outputs["secret"])
    assert (outputs["secret"], outputs["description"]) == (old.outputs["secret"], "New")


def test_a_preview_of_a_revival(ours: Engine, client: stripe.StripeClient) -> None:
    """An archived price will be active after the update, and the preview says so."""
    ours.up(product(), price())
    client.v1.prices.update(ours.of("Price.monthly").id, {"active": False})
    ours.refresh()
    old, news = ours.of("Price.monthly"), ours.inputs_of(price())
    assert old.outputs["active"] is False
    request = provider_pb2.UpdateRequest(
        id=old.id, urn=ours.urn("Price", "monthly"), olds=struct(old.outputs), news=struct(news), preview=True
    )
    with ours.host() as stub:
        assert plain(stub.Update(request).properties)["active"] is True


def test_a_price_of_a_product_that_is_replaced(ours: Engine) -> None:
    """While the new product's id is unknown, the price is shown as replaced: Stripe cannot move it."""
    ours.up(product(), price())
    unknown = {**ours.of("Price.monthly").inputs, "product": UNKNOWN}
    with ours.host() as stub:
        diff = ours.diff(stub, ours.urn("Price", "monthly"), ours.of("Price.monthly"), unknown)
    assert list(diff.replaces) == ["product"]
