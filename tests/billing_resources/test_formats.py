"""Public formats: what this package writes into users' state never changes."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Iterator

import pulumi
import pytest

from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.marks import BOOKKEEPING
from billing_resources.provider import StripeProvider, blob
from tests.billing_resources.program import run
from tests.billing_resources.test_declarations import GOOD, declare

assert every_kind
FROZEN = {
    "Alert": "gASVMwAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwFQWxlcnSUhZRSlC4=",
    "Coupon": "gASVNAAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwGQ291cG9ulIWUUpQu",
    "EventDestination": (
        "gASVPgAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwQRXZlbnREZXN0aW5hdGlvbpSFlFKULg=="
    ),
    "Feature": "gASVNQAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwHRmVhdHVyZZSFlFKULg==",
    "Meter": "gASVMwAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwFTWV0ZXKUhZRSlC4=",
    "PortalConfiguration": (
        "gASVQQAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwTUG9ydGFsQ29uZmlndXJhdGlvbpSFlFKULg=="
    ),
    "Price": "gASVMwAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwFUHJpY2WUhZRSlC4=",
    "Product": "gASVNQAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwHUHJvZHVjdJSFlFKULg==",
    "ProductFeature": (
        "gASVPAAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwOUHJvZHVjdEZlYXR1cmWUhZRSlC4="
    ),
    "PromotionCode": "gASVOwAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwNUHJvbW90aW9uQ29kZZSFlFKULg==",
    "TaxRate": "gASVNQAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwHVGF4UmF0ZZSFlFKULg==",
    "WebhookEndpoint": (
        "gASVPQAAAAAAAACMGmJpbGxpbmdfcmVzb3VyY2VzLnByb3ZpZGVylIwEbG9hZJSTlIwPV2ViaG9va0VuZHBvaW50lIWUUpQu"
    ),
}
"""The pickled providers as they stand in users' state since the first release."""


def test_every_kind_is_frozen() -> None:
    """A new kind is written down here before it is released."""
    assert set(FROZEN) == set(REGISTRY)


@pytest.mark.parametrize("kind", FROZEN)
def test_the_pickled_provider_never_changes(kind: str) -> None:
    """A path and a kind: byte for byte what the first release wrote."""
    assert blob(kind) == FROZEN[kind]


@pytest.mark.rule("older state", "all")
@pytest.mark.parametrize("kind", FROZEN)
def test_old_state_can_be_loaded(kind: str) -> None:
    """What stands in the state is the provider of that kind."""
    loaded = pickle.loads(base64.b64decode(FROZEN[kind]))  # noqa: S301 - our own bytes
    assert isinstance(loaded, StripeProvider)
    assert loaded.kind is REGISTRY[kind]


@pytest.mark.parametrize("kind", FROZEN)
def test_a_program_writes_the_frozen_bytes(kind: str) -> None:
    """The type token, the provider and the bookkeeping of a registered resource."""
    (made,) = (one for one in run(lambda: declare(kind, "a", **GOOD[kind])).resources if one.name == "a")
    assert made.typ == f"pulumi-python:dynamic/stripe:{kind}"
    assert (made.inputs["__provider"], made.inputs["_key"], made.inputs["_stack"]) == (FROZEN[kind], "a", "billing/dev")


def properties() -> Iterator[tuple[str, str]]:
    """Every property of every kind."""
    for kind in REGISTRY.values():
        names = {field.name for field in kind.fields} | set(kind.made) | set(BOOKKEEPING)
        yield from ((kind.name, name) for name in sorted(names))


@pytest.mark.parametrize(("kind", "name"), list(properties()))
def test_no_property_hides_an_attribute_of_pulumis(kind: str, name: str) -> None:
    """The SDK makes an attribute of every property, so none may have the name of one of its own."""
    assert not hasattr(pulumi.Resource, name)
    assert not hasattr(pulumi.CustomResource, name) or name == "id"
