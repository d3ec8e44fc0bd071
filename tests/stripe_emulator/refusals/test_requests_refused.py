"""Error cases of every request: parameters, lists, keys, idempotency. https://docs.stripe.com/error-codes."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.refusals.cases import Refused, ask, case, expected, show
from tests.stripe_emulator.sides import Side

NOBODY = {"Authorization": ""}


@pytest.mark.real_stripe
@pytest.mark.parametrize(
    "refused",
    [
        case(1, "POST /v1/products", {"name": "Team", "wat": "1"}, "^Received unknown parameter: wat$"),
        case(
            2,
            "POST /v1/customers",
            {"invoice_settings[nope]": "1"},
            r"^Received unknown parameter: invoice_settings\[nope\]$",
        ),
        case(3, "POST /v1/products", {"a": "1", "b": "2"}, "^Received unknown parameters: a, b$"),
        case(4, "POST /v1/prices/{price}", {"unit_amount": "1"}, "^Received unknown parameter: unit_amount$"),
        case(5, "GET /v1/customers", {"limit": "abc"}, "^Invalid integer: abc$"),
        case(6, "GET /v1/customers", {"starting_after": "cus_aaa"}, "^No such customer: 'cus_aaa'$"),
        case(
            7,
            "GET /v1/customers",
            {"starting_after": "{customer}", "ending_before": "{customer}"},
            "^Received both starting_after and ending_before parameters. Please pass in only one.$",
        ),
        case(8, "POST /v1/products", {"description": "Team"}, "^Missing required param: name.$"),
        case(
            9, "DELETE /v1/prices/{price}", {}, r"^Unrecognized request URL \(DELETE: /v1/prices/{price}\)\. Please see"
        ),
        case(9, "GET /v1/nope", {}, r"^Unrecognized request URL \(GET: /v1/nope\)"),
        case(10, "POST /v1/prices", {"currency": "usd", "currency_options": "eur"}, "^Invalid object$"),
        case(
            11,
            "POST /v1/webhook_endpoints",
            {"url": "https://a.b", "enabled_events": "*"},
            "^Invalid array$",
            param="enabled_events",
        ),
        case(
            12,
            "POST /v1/coupons",
            {"percent_off": "1", "duration": "ever"},
            "^Invalid duration: must be one of forever, once, or repeating$",
        ),
        case(
            13, "POST /v1/products/{product}", {"name": ""}, "^You passed an empty string for 'name'. We assume empty"
        ),
        case(
            14,
            "POST /v1/prices/{price}",
            {"lookup_key": "abcdefg" + "x" * 200 + "xyz"},
            r"^Invalid string: abcdefg\.\.\.xyz; must be at most 200 characters$",
        ),
        case(15, "POST /v1/products/{product}", {"active": "maybe"}, "^Invalid boolean: maybe$"),
        case(16, "GET /v1/products/{product}", {"expand[]": "name"}, r"^This property cannot be expanded \(name\)\."),
        case(16, "GET /v1/products/{product}", {"expand[]": "foo"}, "because it doesn't exist: foo"),
        case(
            17,
            "GET /v1/products/{product}",
            {"expand[]": "a.b.c.d.e"},
            "^You cannot expand more than 4 levels of a property. Property: a.b.c.d.e$",
        ),
        case(18, "GET /v1/products", {}, "^You did not provide an API key. You need to provide", headers=NOBODY),
        case(
            19,
            "GET /v1/products",
            {},
            r"^Invalid API Key provided: pk_test_\*\*\*\*1234$",
            headers={"Authorization": "Bearer pk_test_emulator1234"},
        ),
        case(29, "GET /v1/products/prod_nope", {}, "^No such product: 'prod_nope'$"),
    ],
)
def test_request_is_refused(side: Side, catalog: dict[str, str], refused: Refused) -> None:
    """Status, type, code, parameter and words are Stripe's."""
    show(side.url, catalog, refused, key=side.key)


@pytest.mark.error_case(21)
def test_restricted_key_may_not(stripe_emulator: EmulatorClient) -> None:
    """Stripe names the key by its kind, the account and the permission that would do."""
    stripe_emulator.restrict("rk_test_emulator_ci", {"prices": "read"})
    headers = {"Authorization": "Bearer rk_test_emulator_ci"}
    status, error = ask(stripe_emulator.url, "GET", "/v1/products", {}, headers)
    assert (status, "code" in error) == (expected(21)["status"], False)
    assert error["message"].startswith("The provided key 'rk_test_***' does not have the required permissions for this")


@pytest.mark.error_case(22)
def test_id_of_the_other_mode(stripe_emulator: EmulatorClient) -> None:
    """The refusal hints at the other mode."""
    live = stripe.StripeClient("sk_live_emulator", base_addresses={"api": stripe_emulator.url})
    product = live.v1.products.create({"name": "Team"}).id
    refused = Refused(
        22,
        f"GET /v1/products/{product}",
        {},
        f"^No such product: '{product}'; a similar object exists in live mode, but a test mode key was used to",
    )
    show(stripe_emulator.url, {}, refused)


@pytest.mark.error_case(23, 24)
@pytest.mark.parametrize(
    ("number", "request_", "words"),
    [
        (23, "POST /v1/products", "^Keys for idempotent requests can only be used with the same parameters they were"),
        (24, "POST /v1/customers", r"only be used for the same endpoint they were first used for \('/v1/customers' vs"),
    ],
)
def test_key_of_another_request(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, number: int, request_: str, words: str
) -> None:
    """A key stands for one request."""
    client.v1.products.create({"name": "Team"}, {"idempotency_key": "once"})
    headers = {"Idempotency-Key": "once"}
    show(stripe_emulator.url, {}, Refused(number, request_, {"name": "Other"}, words, headers=headers))


@pytest.mark.error_case(20)
def test_expired_key(stripe_emulator: EmulatorClient) -> None:
    """A key can be let expire; it is not repeated."""
    stripe_emulator.expire_key("sk_test_emulator_old1")
    headers = {"Authorization": "Bearer sk_test_emulator_old1"}
    words = r"^Expired API Key provided: sk_test_\*\*\*\*old1$"
    show(stripe_emulator.url, {}, Refused(20, "GET /v1/products", {}, words, headers=headers))
    assert ask(stripe_emulator.url, "GET", "/v1/products", {})[0] == 200


@pytest.mark.error_case(78)
def test_v2_key_of_another_request_and_id_of_nothing(client: stripe.StripeClient) -> None:
    """A v2 key stands for one request; an id that names nothing is `not_found`."""
    given: Any = {
        "name": "Meters",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v1.billing.meter.no_meter_found"],
        "webhook_endpoint": {"url": "https://example.com/hook"},
    }
    other: Any = {**given, "name": "Other"}
    client.v2.core.event_destinations.create(given, {"idempotency_key": "once"})
    with pytest.raises(stripe.StripeError) as refused:
        client.v2.core.event_destinations.create(other, {"idempotency_key": "once"})
    assert (refused.value.http_status, refused.value.code) == (expected(78)["status"], expected(78)["code"])
    with pytest.raises(stripe.InvalidRequestError, match=r"The resource wasn't found\.$") as nothing:
        client.v2.core.event_destinations.retrieve("ed_test_nope")
    assert (nothing.value.http_status, nothing.value.code) == (404, "not_found")
