"""Our answers have every field that stripe-mock's have for the same object; what they lack is listed with its reason.

https://github.com/stripe/stripe-mock
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
import stripe

from stripe_emulator import EmulatorClient
from stripe_emulator.objects import ROUTES
from tests.stripe_mock.installed import serving
from tests.stripe_mock.world import ASKED, everything

Json = dict[str, Any]

# Lists that have nothing in them here, and why.
EMPTY = {
    "/v1/disputes": "a dispute comes with a card of its own",
}
# What stripe-mock has and we have not, by object and place, and why.
_PLATFORM = "an account is who it is here; what a platform asks of its accounts is not billing"
_NETWORK = "what a network says of a card; nothing here depends on it"
_CARD = (
    "amount_authorized authorization_code extended_authorization incremental_authorization installments mandate "
    "multicapture network network_token network_transaction_id overcapture three_d_secure"
)
_PROFILE = (
    "annual_revenue estimated_worker_count mcc minority_owned_business_designation product_description "
    "support_address support_phone support_url"
)
_SETTINGS = "bacs_debit_payments branding card_issuing card_payments invoices payments payouts sepa_debit_payments"
_OWN = "controller created external_accounts future_requirements metadata requirements tos_acceptance"
_LACKING = {
    ("account", ""): (_OWN, _PLATFORM),
    ("account", "business_profile."): (_PROFILE, _PLATFORM),
    ("account", "settings."): (_SETTINGS, _PLATFORM),
    ("charge", ""): ("refunds", "shown on request only since 2022-11-15, though the fixture has it"),
    ("charge", "payment_method_details.card."): (_CARD, _NETWORK),
}
LACKING = {
    f"{name}: {place}{field}": reason
    for (name, place), (fields, reason) in _LACKING.items()
    for field in fields.split()
}
_NAMES = {"currency_options", "metadata", "previous_attributes"}  # whose own names mean nothing


def lists() -> list[str]:
    """Return the addresses of everything that is listed, and what is asked with words of its own."""
    names = (name for routes in ROUTES for name in routes.table)
    plain = {name[4:] for name in names if name.startswith("GET /v1/") and "{" not in name}
    return sorted({path for path in plain if not path.endswith("/search")} | ASKED.keys())


def lacking(name: str, ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Yield where the other side has a field that ours has not: `subscription: items.data.plan`."""
    if isinstance(theirs, list):
        if theirs and ours and isinstance(ours, list):
            yield from lacking(name, ours[0], theirs[0], path)
        return
    if not isinstance(theirs, dict) or not isinstance(ours, dict):
        return
    if "object" in theirs and theirs["object"] != "list" and path:
        if ours.get("object") == theirs["object"]:
            yield from lacking(theirs["object"], ours, {**theirs, "object": "list"})
        return
    for field in sorted(theirs.keys() - ours.keys()):
        yield f"{name}: {path}{field}"
    for field in sorted((theirs.keys() & ours.keys()) - _NAMES):
        yield from lacking(name, ours[field], theirs[field], f"{path}{field}.")


@pytest.fixture(scope="module")
def names(stripe_emulator_server: Any) -> dict[str, str]:
    """Fill the emulator."""
    admin: EmulatorClient = stripe_emulator_server.admin
    admin.reset()
    return everything(stripe.StripeClient(admin.key, base_addresses={"api": admin.url}))


@pytest.fixture(scope="module")
def mock(specification: None) -> Iterator[str]:
    """Return the address of a stripe-mock."""
    with serving() as address:
        yield address


def first(address: str, path: str, query: str) -> Json | None:
    """Return the first object of a list, or the one that is found; None if the list is empty."""
    with closing(http.client.HTTPConnection(address)) as connection:
        connection.request(
            "GET", f"{path}?{quote(query, safe='=&')}", headers={"Authorization": "Bearer sk_test_emulator"}
        )
        answer = connection.getresponse()
        body: Json = json.loads(answer.read())
    assert answer.status == 200, body
    return body if body.get("object") != "list" else next(iter(body["data"]), None)


@pytest.mark.parametrize("path", lists())
def test_every_field_of_stripe_mock_is_there(
    path: str, names: dict[str, str], mock: str, stripe_emulator_server: Any
) -> None:
    """Of the object and of all that it holds, but for what is listed above."""
    address, query = path.format(**names), ASKED.get(path, "").format(**names)
    ours = first(stripe_emulator_server.url.removeprefix("http://"), address, query)
    theirs = first(mock, address, query)
    if path in EMPTY:
        assert ours is None
        return
    assert ours is not None, "nothing is listed: make one in world.py, or say why not in EMPTY"
    assert theirs is not None
    found = list(lacking(str(theirs["object"]), ours, theirs))
    assert [one for one in found if one not in LACKING] == []
    stale = [one for one in LACKING if one.startswith(f"{theirs['object']}: ") and one not in found]
    assert path not in ("/v1/account", "/v1/charges") or stale == []


def test_what_lacks_is_found() -> None:
    """Inside of objects, lists and other objects too, named by the object it lacks in."""
    theirs = {"object": "a", "x": 1, "y": {"z": [{"w": None}]}, "b": {"object": "b", "v": 1}, "metadata": {"k": "v"}}
    ours = {"object": "a", "y": {"z": [{"q": 1}]}, "b": {"object": "b"}, "metadata": {}}
    assert list(lacking("a", ours, theirs)) == ["a: x", "b: v", "a: y.z.w"]
