"""Names of resources."""

from __future__ import annotations

import pytest

from local_engine import urns

STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


def test_parents_but_the_stack_are_part_of_a_urn() -> None:
    """A child's URN holds its parents' types, without the stack's."""
    component = urns.make("dev", "shop", STACK, "billing:index:Plan", "team")
    child = urns.make("dev", "shop", component, "pulumi-python:dynamic/stripe:Price", "team.seat")
    assert component == "urn:pulumi:dev::shop::billing:index:Plan::team"
    assert child == "urn:pulumi:dev::shop::billing:index:Plan$pulumi-python:dynamic/stripe:Price::team.seat"


def test_parts_of_a_urn_are_found_again() -> None:
    """Type and name can be read from a URN, also from a name with colons."""
    urn = urns.make("dev", "shop", STACK, "a:b:C", "x::y")
    assert (urns.kind_of(urn), urns.name_of(urn)) == ("a:b:C", "x::y")
    assert urns.stack_urn("dev", "shop") == STACK


def test_provider_references_split_at_the_last_colons() -> None:
    """A reference is the provider's URN and its id."""
    urn = urns.make("dev", "shop", "", "pulumi:providers:pulumi-python", "default")
    assert urns.split_reference(urns.provider_reference(urn, "some-id")) == (urn, "some-id")


@pytest.mark.parametrize(
    ("kind", "package"),
    [("pulumi:providers:pulumi-python", "pulumi-python"), ("pulumi-python:dynamic/stripe:Price", "pulumi-python")],
)
def test_package_of_a_type(kind: str, package: str) -> None:
    """A provider belongs to the package it serves."""
    assert urns.package_of(kind) == package


def test_only_undeclared_providers_are_default() -> None:
    """A provider that the program names is not a default one."""
    provider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-python::"
    assert urns.is_default_provider(f"{provider}default")
    assert not urns.is_default_provider(f"{provider}account")
    assert not urns.is_default_provider(urns.make("dev", "shop", "", "a:b:C", "default"))
