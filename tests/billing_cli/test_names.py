"""URNs in words."""

from __future__ import annotations

import pytest

from billing_cli.names import kind_of, label, name_of, urns_named
from tests.billing_cli.engine_events import PLAN, STACK, urn


@pytest.mark.parametrize(
    ("place", "kind", "name"),
    [
        (STACK, "pulumi:pulumi:Stack", "shop-dev"),
        (PLAN, "billing:index:Plan", "team"),
        (urn("Price", "team.monthly", plan=True), "pulumi-python:dynamic/stripe:Price", "team.monthly"),
        (urn("Price", "a::b"), "pulumi-python:dynamic/stripe:Price", "a::b"),
        ("", "", ""),
        ("no urn", "", ""),
    ],
)
def test_kind_and_name(place: str, kind: str, name: str) -> None:
    """The type without its parents', and the name as the program gave it."""
    assert (kind_of(place), name_of(place)) == (kind, name)


def test_what_a_person_calls_it() -> None:
    """Stripe's noun and the name."""
    assert label(urn("WebhookEndpoint", "app")) == "WebhookEndpoint app"


def test_a_name_means_every_resource_of_that_name() -> None:
    """Once each, in the order they were asked for; URNs and unknown names stay themselves."""
    plan, product = "urn:pulumi:a::b::billing:index:Plan::team", "urn:pulumi:a::b::stripe:Product::team"
    assert urns_named(["team", plan, "nope", "urn:x"], [plan, product]) == [plan, product, "nope", "urn:x"]
