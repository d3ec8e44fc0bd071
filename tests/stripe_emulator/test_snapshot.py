"""Snapshots: provision once, test often."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient


def test_a_snapshot_brings_everything_back(stripe_emulator: EmulatorClient, client: stripe.StripeClient) -> None:
    """Objects and their order are those of the moment of the snapshot; what came later is gone."""
    made = [client.v1.products.create({"name": name}).id for name in "ab"]
    saved = stripe_emulator.snapshot()
    client.v1.products.update(made[0], {"name": "renamed"})
    client.v1.products.create({"name": "later"})
    stripe_emulator.restore(saved)
    assert [(one.id, one.name) for one in client.v1.products.list().data] == [(made[1], "b"), (made[0], "a")]


def test_a_snapshot_keeps_idempotency_keys_and_the_clock(
    stripe_emulator: EmulatorClient, client: stripe.StripeClient
) -> None:
    """What was answered under a key is answered again, at the time that was set."""
    key: Any = {"idempotency_key": "once"}
    stripe_emulator.clock.set(1_700_000_000)
    made = client.v1.products.create({"name": "a"}, key)
    saved = stripe_emulator.snapshot()
    stripe_emulator.reset()
    stripe_emulator.restore(saved)
    assert client.v1.products.create({"name": "a"}, key).id == made.id
    assert stripe_emulator.clock.now() == 1_700_000_000


def test_requests_and_faults_do_not_belong_to_a_snapshot(
    stripe_emulator: EmulatorClient, client: stripe.StripeClient
) -> None:
    """A restored emulator has counted nothing and fails nothing."""
    client.v1.products.create({"name": "a"})
    stripe_emulator.fail_next(500, path="/v1/products")
    stripe_emulator.restore(stripe_emulator.snapshot())
    assert stripe_emulator.counts() == {}
    assert len(client.v1.products.list().data) == 1


def test_a_snapshot_may_be_larger_than_any_request(
    stripe_emulator: EmulatorClient, client: stripe.StripeClient
) -> None:
    """What was handed out is taken back, however much it is."""
    made = client.v1.products.create({"name": "a"})
    saved = stripe_emulator.snapshot()
    place = next(one for one in saved["documents"] if one[1] == "product")
    saved["documents"] += [[*place[:2], f"prod_{n}", {**place[3], "description": "x" * 40_000}] for n in range(500)]
    stripe_emulator.restore(saved)
    assert client.v1.products.retrieve(made.id).name == "a"


@pytest.mark.parametrize("wrong", [{}, {"documents": 1}, {"documents": [["too", "short"]]}])
def test_what_is_no_snapshot_changes_nothing(
    stripe_emulator: EmulatorClient, client: stripe.StripeClient, wrong: dict[str, Any]
) -> None:
    """It is refused in a sentence, and the objects are still there."""
    client.v1.products.create({"name": "a"})
    with pytest.raises(ValueError, match="send what GET /_emulator/snapshot answered"):
        stripe_emulator.restore(wrong)
    assert len(client.v1.products.list().data) == 1
