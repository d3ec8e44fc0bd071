"""The example catalog through an engine: provisioned, unchanged, changed, refreshed, destroyed, made again."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end

WRITES = ("/v1/prices", "/v1/products/*", "/v1/prices/*")  # of a replacement: create, move the default, archive
READS = {
    "GET /v1/account": 1,
    "GET /v1/products": 1,
    "GET /v1/prices": 2,  # Stripe lists either active prices or inactive ones
    "GET /v1/billing/meters": 1,
    "GET /v1/billing/alerts": 1,
    "GET /v1/webhook_endpoints": 1,
}
DEARER = {"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}}


def active_prices(client: stripe.StripeClient, lookup_key: str) -> list[stripe.Price]:
    """The prices that a checkout would find."""
    return client.v1.prices.list({"lookup_keys": [lookup_key], "active": True}).data


def test_a_second_run_of_any_kind_finds_nothing_to_do(provisioned: Project) -> None:
    """After up, another up, a refresh and a preview change nothing."""
    provisioned.ok("up", "--expect-no-changes")
    provisioned.ok("refresh", "--expect-no-changes")
    provisioned.ok("preview", "--expect-no-changes")


def test_writes_and_reads_of_a_new_stack(project: Project, stripe_emulator: EmulatorClient) -> None:
    """A preview sends nothing; up writes each object once and each default price once more, and reads lists only."""
    assert json.loads(project.run("preview", "--json").stdout)["changeSummary"] == {"create": 17}
    assert stripe_emulator.count(path="/v1/*") == 0
    project.ok("up")
    counts = stripe_emulator.counts()
    made = [one for one in project.resources() if "dynamic/stripe" in one["type"]]
    defaults = [one for one in made if one["inputs"].get("default")]
    assert sum(n for route, n in counts.items() if route.startswith("POST")) == len(made) + len(defaults)
    assert {route: n for route, n in counts.items() if route.startswith("GET")} == READS


def test_a_price_change_replaces_in_three_writes(
    provisioned: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """The new price takes the lookup key and the default, then the old one is archived, and that is all."""
    old = active_prices(client, "team_monthly")[0]
    provisioned.set(billing__overrides=DEARER)
    stripe_emulator.clear_requests()
    provisioned.ok("up")
    new = active_prices(client, "team_monthly")
    assert [(price.unit_amount, price.id != old.id) for price in new] == [(1400, True)]
    assert client.v1.products.retrieve(str(old.product)).default_price == new[0].id
    assert client.v1.prices.retrieve(old.id).active is False
    assert stripe_emulator.count(method="POST") == 3
    provisioned.ok("preview", "--expect-no-changes")


def test_a_lookup_key_has_one_active_price_all_the_time(
    provisioned: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """A checkout that asks while a price is replaced finds exactly one, between any two writes and whenever else."""
    provisioned.set(billing__overrides=DEARER)
    writes = [stripe_emulator.pause_next("after", method="POST", path=path) for path in WRITES]
    found: list[int] = []
    ended = threading.Event()
    poller = threading.Thread(target=poll, args=(client, found, ended))
    running = provisioned.begin("up")
    poller.start()
    for write in writes:
        write.wait_until_reached()
        found.append(len(active_prices(client, "team_monthly")))
        write.release()
    running.communicate()
    ended.set()
    poller.join()
    assert set(found) == {1}
    assert len(found) > 2 * len(writes)


def poll(client: stripe.StripeClient, found: list[int], ended: threading.Event) -> None:
    """Ask for the price again and again, until the end."""
    while not ended.is_set():
        found.append(len(active_prices(client, "team_monthly")))


def test_destroy_leaves_nothing_active_and_up_makes_it_again(provisioned: Project, client: stripe.StripeClient) -> None:
    """Everything is deleted, archived or deactivated, and the same names can be used anew."""
    provisioned.ok("destroy")
    assert not client.v1.prices.list({"active": True}).data
    assert not client.v1.products.list({"active": True}).data
    assert not client.v1.billing.meters.list({"status": "active"}).data
    assert not client.v1.billing.alerts.list().data
    assert not client.v1.webhook_endpoints.list().data
    provisioned.ok("up")
    assert len(active_prices(client, "team_monthly")) == 1


def test_drift_is_found_and_mended(provisioned: Project, client: stripe.StripeClient) -> None:
    """A price archived and an endpoint disabled by hand come back with the next refreshed up."""
    price = active_prices(client, "team_yearly")[0]
    client.v1.prices.update(price.id, {"active": False})
    endpoint = client.v1.webhook_endpoints.list().data[0]
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    provisioned.ok("up", "--refresh")
    assert client.v1.prices.retrieve(price.id).active is True
    assert client.v1.webhook_endpoints.retrieve(endpoint.id).status == "enabled"


def test_what_is_gone_at_stripe_is_made_anew(provisioned: Project, client: stripe.StripeClient) -> None:
    """An endpoint deleted by hand is dropped by refresh and made again by up."""
    client.v1.webhook_endpoints.delete(client.v1.webhook_endpoints.list().data[0].id)
    provisioned.ok("refresh")
    provisioned.ok("up")
    assert len(client.v1.webhook_endpoints.list().data) == 1


def test_a_failed_resource_keeps_the_others(
    project: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """What Stripe refuses is said in one sentence; what was made stays, and the next run finishes."""
    stripe_emulator.fail_next(400, method="POST", path="/v1/webhook_endpoints", count=1)
    said = project.refused("up")
    assert "WebhookEndpoint app" in said
    project.ok("up")
    assert len(client.v1.webhook_endpoints.list().data) == 1


def test_rate_limits_and_failures_that_pass_are_waited_for(project: Project, stripe_emulator: EmulatorClient) -> None:
    """A 429, a 500 and a connection cut after processing on the way make no second object and no failure."""
    stripe_emulator.fail_next(429, method="POST", path="/v1/products", count=2)
    stripe_emulator.fail_next(503, method="POST", path="/v1/prices", count=1)
    stripe_emulator.cut_next("after", method="POST", path="/v1/webhook_endpoints", count=1)
    project.ok("up")
    counts = stripe_emulator.counts()
    assert counts["POST /v1/webhook_endpoints"] == 2
    project.ok("preview", "--expect-no-changes")
