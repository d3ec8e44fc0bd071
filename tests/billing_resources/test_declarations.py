"""What holds for the declarations of all kinds: one shape of call, and refusals at the user's line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import billing_resources as billing
from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY
from billing_resources.errors import BillingResourceError, InvalidDeclaration
from tests.billing_resources.program import Registered, run

assert every_kind
GOOD: dict[str, dict[str, Any]] = {
    "Product": {"name": "Team"},
    "Price": {"product": "prod_1", "currency": "usd", "unit_amount": 1200, "recurring": {"interval": "month"}},
    "Meter": {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}},
    "Alert": {"title": "Many", "usage_threshold": {"meter": "mtr_1", "gte": 5}},
    "Coupon": {"percent_off": 25},
    "PromotionCode": {"promotion": {"coupon": "SUMMER"}},
    "Feature": {"lookup_key": "sso", "name": "Single sign-on"},
    "ProductFeature": {"product": "prod_1", "entitlement_feature": "feat_1"},
    "PortalConfiguration": {"features": {"invoice_history": {"enabled": True}}},
    "TaxRate": {"display_name": "VAT", "percentage": 19, "inclusive": True},
    "EventDestination": {
        "name": "Meter errors",
        "enabled_events": ["v1.billing.meter.error_report_triggered"],
        "webhook_endpoint": {"url": "https://app.example.com/stripe/thin"},
    },
    "WebhookEndpoint": {"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid"]},
}


def declare(kind: str, name: str, /, **args: Any) -> pulumi.CustomResource:
    """Declare a resource of that kind."""
    made: pulumi.CustomResource = getattr(billing, kind)(name, **args)
    return made


def refusal(program: Callable[[], object]) -> tuple[list[str], Registered]:
    """What a program's refusal says, line by line, and what the program registered."""
    said: list[str] = []

    def watched() -> None:
        with pytest.raises(InvalidDeclaration) as caught:
            program()
        said.extend(str(caught.value).splitlines())

    ran = run(watched)
    return [line.strip() for line in said], ran


def refused(kind: str, **args: Any) -> list[str]:
    """The problems of a call with these arguments over good ones; None leaves one out. Nothing is registered."""
    given = {name: value for name, value in {**GOOD[kind], **args}.items() if value is not None}
    said, ran = refusal(lambda: declare(kind, "a", **given))
    assert ran.names == set()
    return said[1:]


def test_every_kind_is_here() -> None:
    """A new kind gets a good example above, and with it the tests of this file."""
    assert set(GOOD) == set(REGISTRY)


@pytest.mark.parametrize("kind", GOOD)
def test_the_name_is_the_key(kind: str) -> None:
    """A good call registers one resource under its name."""
    assert run(lambda: declare(kind, "a.b", **GOOD[kind])).names == {(f"pulumi-python:dynamic/stripe:{kind}", "a.b")}


@pytest.mark.parametrize("kind", GOOD)
def test_an_empty_call_names_every_required_field(kind: str) -> None:
    """All of them at once."""
    required = [field.name for field in REGISTRY[kind].fields if field.required]
    assert set(required) <= set(GOOD[kind])
    said, ran = refusal(lambda: declare(kind, "a"))
    assert said[1 : len(required) + 1] == [f"{name}: is required" for name in required]
    assert ran.names == set()


@pytest.mark.parametrize("kind", GOOD)
def test_an_unknown_field_is_answered_with_the_nearest(kind: str) -> None:
    """A typo is found before Stripe could ignore it."""
    field = next(iter(GOOD[kind]))
    assert refused(kind, **{f"{field}s": "x"}) == [f"{field}s: is not a field of {kind}: did you mean {field}?"]


@pytest.mark.parametrize("kind", GOOD)
def test_a_field_nobody_knows_is_answered_with_all(kind: str) -> None:
    """Where nothing is near, the known fields are listed."""
    known = ", ".join(field.name for field in REGISTRY[kind].fields)
    assert refused(kind, zzz=1) == [f"zzz: is not a field of {kind}; known fields are {known}"]


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in GOOD for field in GOOD[kind]])
@pytest.mark.parametrize("value", [object(), 5.5, b"sk_live_key", {"zzz": "whsec_secret"}, [5.5]])
def test_a_wrong_type_is_refused_without_its_value(kind: str, field: str, value: object) -> None:
    """No field takes just anything, and no message repeats what was written."""
    said = refused(kind, **{field: value})
    assert said
    assert all(line.startswith(field) for line in said)
    assert not any(part in "".join(said) for part in ("sk_live_key", "whsec_secret", "object at"))


def test_a_refusal_is_at_the_users_line() -> None:
    """The file and the line of the call come first, then the kind and the name."""

    def program() -> None:
        billing.Product("team", name="")

    said, _ = refusal(program)
    assert said[0] == f"{__file__}:{program.__code__.co_firstlineno + 1}: Product 'team'"


def test_a_refusal_is_printed_without_a_traceback() -> None:
    """Pulumi prints a RunError's text alone, and it is one of this package's errors."""

    def program() -> None:
        with pytest.raises(pulumi.RunError) as caught:
            billing.Product("team", name="")
        assert isinstance(caught.value, BillingResourceError)

    run(program)


def test_the_same_name_twice_is_refused() -> None:
    """Whatever the parents: a kind and a name are one key of the manifest."""

    def program() -> None:
        parent = billing.Product("team", name="Team")
        billing.Product("team", name="Team", opts=pulumi.ResourceOptions(parent=parent))

    said, ran = refusal(program)
    assert said[1:] == ["is declared twice in this program: names are unique"]
    assert len(ran.names) == 1


def test_the_same_name_for_two_kinds_is_fine() -> None:
    """A product and a meter may have one name."""

    def program() -> None:
        declare("Product", "a", **GOOD["Product"])
        declare("Meter", "a", **GOOD["Meter"])

    assert len(run(program).names) == 2


def test_outputs_are_taken_for_any_field() -> None:
    """A value that is not there yet is checked later, by the provider; the rest is checked now."""

    def program() -> None:
        product = billing.Product("team", name="Team")
        billing.Price(
            "a", product=product.id, currency=pulumi.Output.from_input("usd"), unit_amount=product.id.apply(len)
        )

    assert len(run(program).names) == 2
