"""Idempotency keys, through the official client."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient

KEY: Any = {"idempotency_key": "once"}


def create(client: stripe.StripeClient, name: str = "Team", key: Any = KEY) -> stripe.Product:
    """Create a product under a key."""
    return client.v1.products.create({"name": name}, key)


def headers(product: stripe.Product) -> Any:
    """Return the headers of the answer."""
    assert product.last_response is not None
    return product.last_response.headers


@pytest.mark.belief("replays carry `Idempotent-Replayed` and `Original-Request`", "M")
def test_same_request_is_answered_again(client: stripe.StripeClient) -> None:
    """A replay has the first answer, says so, names the first request, and creates nothing."""
    first, again = create(client), create(client)
    assert again.to_dict() == first.to_dict()
    assert headers(again)["Idempotent-Replayed"] == "true"
    assert headers(again)["Original-Request"] == headers(first)["Request-Id"]
    assert "Idempotent-Replayed" not in headers(first)
    assert len(client.v1.products.list().data) == 1


def test_replay_shows_the_object_as_it_was(client: stripe.StripeClient) -> None:
    """What happened since does not show."""
    product = create(client)
    client.v1.products.update(product.id, {"name": "Renamed"})
    assert create(client).name == "Team"


def test_other_parameters_are_refused(client: stripe.StripeClient) -> None:
    """A key stands for one request."""
    create(client)
    with pytest.raises(stripe.IdempotencyError, match="same parameters they were first used with"):
        create(client, "Other")


def test_other_endpoint_is_refused(client: stripe.StripeClient) -> None:
    """A key stands for one address."""
    create(client)
    with pytest.raises(stripe.IdempotencyError, match=r"\('/v1/customers' vs '/v1/products'\)|same endpoint"):
        client.v1.customers.create({"name": "Team"}, KEY)


@pytest.mark.belief("nothing is kept under a key when validation fails or the key is in flight", "D")
def test_invalid_request_uses_no_key(client: stripe.StripeClient) -> None:
    """Nothing is stored when validation fails before execution."""
    with pytest.raises(stripe.InvalidRequestError):
        client.raw_request("post", "/v1/products", nope="1", **KEY)
    assert create(client).name == "Team"


@pytest.mark.belief("a key replays its first answer for a day, refusals of rules and 500s included", "D")
def test_refused_execution_is_replayed(client: stripe.StripeClient) -> None:
    """An error of a rule is an answer like any other, even when its reason is gone."""
    client.v1.products.create({"id": "team", "name": "Team"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.products.create({"id": "team", "name": "Again"}, KEY)
    client.v1.products.delete("team")
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.products.create({"id": "team", "name": "Again"}, KEY)
    assert again.value.headers is not None
    assert again.value.headers["Idempotent-Replayed"] == "true"


def test_key_is_forgotten_after_a_day(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """By the emulator's clock, a day later the same key creates anew."""
    stripe_emulator.clock.set(1_700_000_000)
    first = create(client)
    stripe_emulator.clock.advance(24 * 3600 - 1)
    assert create(client).id == first.id
    stripe_emulator.clock.advance(1)
    assert create(client).id != first.id


def test_accounts_and_modes_have_their_own_keys(connect: Callable[[str], stripe.StripeClient]) -> None:
    """The same key elsewhere is another key."""
    ids = {create(connect(key)).id for key in ("sk_test_a", "sk_test_b", "sk_live_a")}
    assert len(ids) == 3


@pytest.mark.belief("a key in flight is a 409 `idempotency_key_in_use`", "I")
@pytest.mark.error_case(25)
def test_key_in_flight_is_a_conflict(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """While the first request is in progress the second is refused, and nothing is stored for it."""
    pause = stripe_emulator.pause_next("before", path="/v1/products")
    first = threading.Thread(target=create, args=(client,))
    first.start()
    pause.wait_until_reached()
    with pytest.raises(stripe.APIError, match="another in-progress request") as refused:
        create(client)
    assert refused.value.error is not None
    assert (refused.value.http_status, refused.value.error.code) == (409, "idempotency_key_in_use")
    assert "/test/logs/req_" in str(refused.value.json_body)
    pause.release()
    first.join()
    assert headers(create(client))["Idempotent-Replayed"] == "true"


def test_reads_need_no_key(client: stripe.StripeClient) -> None:
    """A key on GET or DELETE has no effect."""
    product = client.v1.products.create({"name": "Team"})
    client.v1.products.retrieve(product.id, options=KEY)
    assert client.v1.products.list(options=KEY).data[0].id == product.id


def test_key_is_echoed_and_not_too_long(client: stripe.StripeClient) -> None:
    """At most 255 characters."""
    assert headers(create(client))["Idempotency-Key"] == "once"
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        create(client, key={"idempotency_key": "k" * 256})
