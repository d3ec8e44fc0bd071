"""The list of what is newer than stripe-mock, and how it is applied."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from tests.stripe_mock import exclusions, generate
from tests.stripe_mock.exclusions import FILE
from tests.stripe_mock.recorded import Recorded, segments

pytestmark = pytest.mark.usefixtures("specification")


def left_of(operation: str, form: str) -> list[tuple[str, str]]:
    """What of a form is put before stripe-mock."""
    body = tuple(parse_qsl(form, keep_blank_values=True))
    return list(exclusions.apply(Recorded(operation, "POST", "/", (), body)).left.body)


def test_list_is_what_the_package_has_and_the_specification_lacks() -> None:
    """Generating the list anew changes nothing."""
    assert FILE.read_text(encoding="utf-8") == generate.render()


@pytest.mark.parametrize(
    ("operation", "form", "left"),
    [
        ("POST /v1/products", "name=a&tax_details[x]=b", [("name", "a")]),
        ("POST /v1/products/{id}", "name=a&colour=b", [("name", "a"), ("colour", "b")]),
        ("POST /v1/subscription_items", "subscription=a&plan=b", [("subscription", "a")]),
        ("POST /v1/subscriptions", "customer=a&items[7][plan]=b", [("customer", "a")]),
        (
            "POST /v1/subscriptions/{subscription_exposed_id}",
            "billing_cycle_anchor=now",
            [("billing_cycle_anchor", "now")],
        ),
        ("POST /v1/subscriptions/{subscription_exposed_id}", "billing_cycle_anchor[type]=now", []),
    ],
)
def test_only_what_is_listed_is_taken_out(operation: str, form: str, left: list[tuple[str, str]]) -> None:
    """At the place where it is listed, in every element of a list, and nowhere else."""
    assert left_of(operation, form) == left


def test_newer_word_gives_way_to_an_older_one() -> None:
    """The other words of the list stay, and so does the parameter."""
    form = "enabled_events[0]=invoice.paid&enabled_events[1]=billing.meter.created"
    (first, second) = left_of("POST /v1/webhook_endpoints", form)
    assert first == ("enabled_events[0]", "invoice.paid")
    assert second[0] == "enabled_events[1]"
    assert second[1] != "billing.meter.created"


def test_what_was_required_is_filled_in() -> None:
    """Unless it is there."""
    assert ("category", "paid") in left_of("POST /v1/billing/credit_grants", "customer=a")
    filled = left_of("POST /v1/billing/credit_grants", "customer=a&category=promotional")
    assert filled == [("customer", "a"), ("category", "promotional")]


def test_required_parameter_of_newer_parts_only_keeps_a_place() -> None:
    """An empty hash cannot be sent, so the least that may stand in it is."""
    left = left_of("POST /v1/billing_portal/configurations", "features[subscription_pause][enabled]=true")
    assert {segments(name)[0] for name, _ in left} == {"features"}


def test_names_are_taken_apart() -> None:
    """Brackets nest."""
    assert segments("items[0][price]") == ["items", "0", "price"]
    assert segments("enabled_events[]") == ["enabled_events", ""]
    assert segments("name") == ["name"]
