"""The declarations against Stripe: what the installed stripe package says a create and an update take."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NotRequired

import pytest
import stripe
import stripe.params
import stripe.params.billing
import stripe.params.billing_portal
import stripe.params.entitlements
import stripe.params.v2.core
from typing_extensions import get_type_hints, is_typeddict

from billing_resources._engine import every_kind
from billing_resources._engine.diff import diff
from billing_resources._engine.facts import Default, Immutable
from billing_resources._engine.fields import Field, Shape
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.params import create_params, update_params
from billing_resources._engine.settings import API_VERSION

assert every_kind
PARAMS: dict[str, tuple[Any, Any]] = {
    "Product": (stripe.params.ProductCreateParams, stripe.params.ProductUpdateParams),
    "Price": (stripe.params.PriceCreateParams, stripe.params.PriceUpdateParams),
    "Meter": (stripe.params.billing.MeterCreateParams, stripe.params.billing.MeterUpdateParams),
    "Alert": (stripe.params.billing.AlertCreateParams, None),  # Stripe has no update of alerts
    "Coupon": (stripe.params.CouponCreateParams, stripe.params.CouponUpdateParams),
    "PromotionCode": (stripe.params.PromotionCodeCreateParams, stripe.params.PromotionCodeUpdateParams),
    "Feature": (stripe.params.entitlements.FeatureCreateParams, stripe.params.entitlements.FeatureUpdateParams),
    "ProductFeature": (stripe.params.ProductFeatureCreateParams, None),  # Stripe has no update of attachments
    "PortalConfiguration": (
        stripe.params.billing_portal.ConfigurationCreateParams,
        stripe.params.billing_portal.ConfigurationUpdateParams,
    ),
    "TaxRate": (stripe.params.TaxRateCreateParams, stripe.params.TaxRateUpdateParams),
    "EventDestination": (
        stripe.params.v2.core.EventDestinationCreateParams,
        stripe.params.v2.core.EventDestinationUpdateParams,
    ),
    "WebhookEndpoint": (stripe.params.WebhookEndpointCreateParams, stripe.params.WebhookEndpointUpdateParams),
}
LEFT_OUT = {
    ("Product", "active"): "what is declared is active",
    ("Product", "default_price"): "written on the price, since the price does not exist before the product",
    ("Product", "default_price_data"): "a price is declared on its own",
    ("Product", "package_dimensions"): "goods that are shipped are no subscriptions",
    ("Product", "shippable"): "the same",
    ("Product", "tax_details"): "tax codes are enough for services",
    ("Product", "type"): "older accounts only",
    ("Price", "active"): "what is declared is active",
    ("Price", "custom_unit_amount"): "amounts that customers choose are no catalog",
    ("Price", "product_data"): "a product is declared on its own",
    ("Price", "transfer_lookup_key"): "always sent with a lookup key",
    ("Price.currency_options", "custom_unit_amount"): "as above",
    ("Price.recurring", "trial_period_days"): "does nothing at Stripe",
    ("Feature", "active"): "what is declared is active",
    ("PortalConfiguration", "active"): "the same",
    ("TaxRate", "active"): "the same",
    ("PromotionCode", "active"): "what is declared is active",
    ("PromotionCode", "customer"): "a code for one customer is the application's to make",
    ("PromotionCode", "customer_account"): "the same",
}
"""What Stripe takes and no declaration has, each with its reason."""


@dataclass(frozen=True)
class Allowed:
    """Where a declaration differs from the parameters on purpose: why, and how it behaves."""

    reason: str
    behaves: Callable[[], bool]


def tax_behavior_is_settable_once() -> bool:
    """From unspecified it is an update; from anything else it is a new price."""
    price = REGISTRY["Price"]
    (first,) = diff(price, {}, {"tax_behavior": "exclusive"})
    (second,) = diff(price, {"tax_behavior": "exclusive"}, {"tax_behavior": "inclusive"})
    return (first.replaces, second.replaces) == (False, True)


def disabled_is_sent_by_updates_only() -> bool:
    """A create leaves it out; the update that follows says it."""
    kind, enabled = REGISTRY["WebhookEndpoint"], {"url": "https://a.com", "enabled_events": ["*"]}
    disabled = {**enabled, "disabled": True}
    sent = update_params(kind, enabled, disabled, {"disabled"}, {})
    return "disabled" not in create_params(kind, disabled, {}) and sent["disabled"] is True


ALLOWED = {
    ("Price", "tax_behavior"): Allowed("an update takes it, but only once", tax_behavior_is_settable_once),
    ("WebhookEndpoint", "disabled"): Allowed("no create takes it", disabled_is_sent_by_updates_only),
}
MOST_ALLOWED = 4
ASKING = ("expand", "include")
"""What asks for more of an answer, in either generation of Stripe's API."""


def hints_of(params: Any) -> dict[str, Any]:
    """The parameters of a TypedDict of the stripe package, without the options of the request itself."""
    if params is None:
        return {}
    names = {"StripeContext": object, "Mapping": dict}
    found = get_type_hints(params, localns=names, include_extras=True)
    return {name: hint for name, hint in found.items() if name not in {*stripe.RequestOptions.__annotations__, *ASKING}}


def bare(hint: Any) -> Any:
    """The first alternative of a hint that says what is inside."""
    if typing.get_origin(hint) is NotRequired:
        return bare(typing.get_args(hint)[0])
    if is_typeddict(hint) or typing.get_origin(hint) in {list, dict, typing.Literal}:
        return hint
    meant = [bare(part) for part in typing.get_args(hint) if part != typing.Literal[""]]
    return next((part for part in meant if part is not None), None)


def mismatches(shape: Shape, hint: Any, path: str) -> Iterator[str]:
    """Declared fields and choices inside the shape that Stripe does not know there."""
    meant = bare(hint)
    if shape.fields:
        known = hints_of(meant) if is_typeddict(meant) else {}
        for field in shape.fields:
            if field.name in known:
                yield from mismatches(field.shape, known[field.name], f"{path}.{field.name}")
            else:
                yield f"{path}.{field.name}"
    elif inner := shape.item or shape.value:
        yield from mismatches(inner, typing.get_args(meant)[-1] if meant is not None else None, path)
    elif shape.literals and typing.get_origin(meant) is typing.Literal:
        yield from (f"{path} = {one}" for one in shape.literals if one not in typing.get_args(meant))


def left_out(shape: Shape, hint: Any, path: str) -> Iterator[tuple[str, str]]:
    """What Stripe takes inside the shape and the declaration does not have."""
    meant = bare(hint)
    if inner := shape.item or shape.value:
        yield from left_out(inner, typing.get_args(meant)[-1], path) if meant is not None else ()
    elif shape.fields and is_typeddict(meant):
        known = hints_of(meant)
        yield from ((path, name) for name in known if name not in shape.by_name)
        for field in shape.fields:
            yield from left_out(field.shape, known.get(field.name), f"{path}.{field.name}")


def fixed_inside(shape: Shape, update: Any, path: str) -> Iterator[tuple[str, bool, bool]]:
    """Each field inside of what can be updated: whether Stripe can update it, and whether it is declared immutable."""
    meant = bare(update)
    if inner := shape.item or shape.value:
        yield from fixed_inside(inner, typing.get_args(meant)[-1] if meant is not None else None, path)
    elif shape.fields and is_typeddict(meant):
        known = hints_of(meant)
        for field in shape.fields:
            yield f"{path}.{field.name}", field.name not in known, field.has(Immutable)
            yield from fixed_inside(field.shape, known.get(field.name), f"{path}.{field.name}")


def sent(kind: str) -> list[Field]:
    """The fields that go to Stripe and are not allowed to differ; the parent's id is part of the address."""
    known = REGISTRY[kind]
    return [one for one in known.sent if (kind, one.name) not in ALLOWED and one.name != known.stripe.parent]


def test_every_kind_is_compared() -> None:
    """A new kind names its parameters above."""
    assert set(PARAMS) == set(REGISTRY)


def test_the_pinned_version_is_the_packages() -> None:
    """What is compared here is what is sent."""
    assert stripe.api_version == API_VERSION


@pytest.mark.parametrize("kind", PARAMS)
def test_every_field_is_stripes(kind: str) -> None:
    """Names and nesting, down to the choices that are offered."""
    assert list(mismatches(Shape(fields=tuple(sent(kind))), PARAMS[kind][0], kind)) == []


@pytest.mark.parametrize("kind", PARAMS)
def test_what_stripe_cannot_update_is_immutable(kind: str) -> None:
    """Create minus update, exactly: nothing wrongly mutable, nothing wrongly immutable."""
    create, update = (set(hints_of(params)) for params in PARAMS[kind])
    declared = {field.name for field in sent(kind)}
    immutable = {field.name for field in sent(kind) if field.has(Immutable)}
    assert immutable == (create - update) & declared


@pytest.mark.parametrize("kind", PARAMS)
def test_what_stripe_cannot_update_inside_of_an_object_is_immutable(kind: str) -> None:
    """Where Stripe updates an object in part, the other part is declared so."""
    known = hints_of(PARAMS[kind][1])
    inside = [
        part
        for field in sent(kind)
        if field.name in known
        for part in fixed_inside(field.shape, known[field.name], field.name)
    ]
    assert [path for path, is_fixed, is_declared_so in inside if is_fixed != is_declared_so] == []


@pytest.mark.parametrize("kind", PARAMS)
def test_what_stripe_requires_is_required(kind: str) -> None:
    """Or has a default that is sent."""
    needed = {name for name, hint in hints_of(PARAMS[kind][0]).items() if typing.get_origin(hint) is not NotRequired}
    given = {field.name for field in REGISTRY[kind].sent if field.required or sends_default(field)}
    assert needed <= given


def sends_default(field: Field) -> bool:
    """Whether the field is sent although the program leaves it out."""
    default = field.fact(Default)
    return default is not None and default.sent


@pytest.mark.parametrize("kind", PARAMS)
def test_what_is_left_out_is_left_out_on_purpose(kind: str) -> None:
    """A parameter that a new version of the package brings has to be declared, or left out for a reason."""
    missing: set[tuple[str, str]] = set()
    for params in PARAMS[kind]:
        missing |= set(left_out(REGISTRY[kind].shape, params, kind)) if params is not None else set()
    assert missing == {place for place in LEFT_OUT if place[0].partition(".")[0] == kind}


@pytest.mark.parametrize("place", ALLOWED, ids=".".join)
def test_what_differs_behaves_as_its_reason_says(place: tuple[str, str]) -> None:
    """Every line of the list is a behaviour, and the field is one of the kind."""
    assert place[1] in REGISTRY[place[0]].shape.by_name
    assert ALLOWED[place].reason
    assert ALLOWED[place].behaves()


def test_few_things_differ() -> None:
    """The list may not become the place where mistakes are kept."""
    assert len(ALLOWED) <= MOST_ALLOWED
