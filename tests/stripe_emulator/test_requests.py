"""Keys, versions, headers and the request log."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from stripe_emulator import EmulatorClient


def raw(
    emulator: EmulatorClient, method: str, path: str, body: str | bytes = "", **headers: str
) -> tuple[int, Any, Any]:
    """Send what the official client would not."""
    connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text), answer.headers


@pytest.mark.parametrize(
    ("key", "account", "live"),
    [
        ("sk_test_emulator", "acct_emulator", False),
        ("sk_live_emulator", "acct_emulator", True),
        ("rk_test_shop_readonly", "acct_shop", False),
        ("sk_test_shop42_abc", "acct_shop42", False),
    ],
)
def test_key_selects_account_and_mode(
    connect: Callable[[str], stripe.StripeClient], key: str, account: str, live: bool
) -> None:
    """The name in the key is the account, its prefix the mode."""
    client = connect(key)
    assert client.v1.accounts.retrieve_current().id == account
    assert client.v1.customers.create({}).livemode is live


def test_account_can_be_asked_for_by_id(client: stripe.StripeClient) -> None:
    """But only one's own."""
    assert client.v1.accounts.retrieve("acct_emulator").id == "acct_emulator"
    with pytest.raises(stripe.PermissionError):
        client.v1.accounts.retrieve("acct_other")


def test_accounts_and_modes_share_nothing(connect: Callable[[str], stripe.StripeClient]) -> None:
    """Objects of one are unknown to the others."""
    connect("sk_test_a").v1.customers.create({})
    assert connect("sk_live_a").v1.customers.list().data == []
    assert connect("sk_test_b").v1.customers.list().data == []


@pytest.mark.belief("an id of the other mode is hinted at", "I")
def test_object_of_the_other_mode_is_hinted_at(connect: Callable[[str], stripe.StripeClient]) -> None:
    """Stripe says that the id exists in the other mode."""
    product = connect("sk_live_a").v1.products.create({"name": "Team"})
    with pytest.raises(stripe.InvalidRequestError, match="a similar object exists in live mode, but a test mode key"):
        connect("sk_test_a").v1.products.retrieve(product.id)


@pytest.mark.belief("a key of unknown shape is a 401 that shows four characters", "I")
@pytest.mark.parametrize("key", ["pk_test_a", "sk_a", "whatever", "sk_test_", "sk_prod_a", "sk_org_test_a"])
def test_bad_key_is_refused_and_not_repeated(connect: Callable[[str], stripe.StripeClient], key: str) -> None:
    """Other shapes are a 401 that does not show the key."""
    with pytest.raises(stripe.AuthenticationError) as refused:
        connect(key).v1.customers.list()
    assert refused.value.http_status == 401
    assert key not in str(refused.value)


def test_missing_key_is_refused(stripe_emulator: EmulatorClient) -> None:
    """No key, no entry."""
    status, body, _ = raw(stripe_emulator, "GET", "/v1/products")
    assert (status, body["error"]["type"]) == (401, "invalid_request_error")
    assert body["error"]["message"].startswith("You did not provide an API key.")


def test_basic_authentication_works_too(stripe_emulator: EmulatorClient) -> None:
    """As with curl -u."""
    credentials = base64.b64encode(b"sk_test_a:").decode()
    assert raw(stripe_emulator, "GET", "/v1/products", Authorization=f"Basic {credentials}")[0] == 200


@pytest.mark.parametrize("value", ["Basic !", "Digest sk_test_a", "Bearer"])
def test_unreadable_authorization_is_refused(stripe_emulator: EmulatorClient, value: str) -> None:
    """What is no key is no entry."""
    assert raw(stripe_emulator, "GET", "/v1/products", Authorization=value)[0] == 401


def test_foreign_account_header_is_refused(client: stripe.StripeClient) -> None:
    """A key reaches its own account only."""
    assert client.v1.products.list(options={"stripe_account": "acct_emulator"}).data == []
    with pytest.raises(stripe.PermissionError) as refused:
        client.v1.products.list(options={"stripe_account": "acct_other"})
    assert refused.value.http_status == 403


def test_version_is_echoed_or_refused(client: stripe.StripeClient) -> None:
    """Any version Stripe ever had is accepted, no other."""
    answer = client.v1.products.list(options={"stripe_version": "2026-10-28.endive"}).last_response
    assert answer is not None
    assert answer.headers["Stripe-Version"] == "2026-10-28.endive"
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        client.v1.products.list(options={"stripe_version": "2026-01-01.nonsense"})


def test_every_answer_has_a_request_id(client: stripe.StripeClient) -> None:
    """Refusals too, with a link to their log entry."""
    answer = client.v1.products.list().last_response
    assert answer is not None
    assert str(answer.request_id).startswith("req_")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.products.retrieve("prod_nope")
    assert str(refused.value.request_id) in refused.value.json_body["error"]["request_log_url"]  # type: ignore[index]


def test_unknown_address_is_a_404(client: stripe.StripeClient) -> None:
    """Stripe's sentence names method and path."""
    with pytest.raises(stripe.InvalidRequestError, match=r"Unrecognized request URL \(GET: /v1/nope\)"):
        client.raw_request("get", "/v1/nope")


def test_body_must_be_a_form(stripe_emulator: EmulatorClient) -> None:
    """JSON is not what v1 speaks."""
    headers = {"Authorization": "Bearer sk_test_a", "Content_Type": "application/json"}
    status, body, _ = raw(stripe_emulator, "POST", "/v1/products", '{"name": "Team"}', **headers)
    assert (status, "application/x-www-form-urlencoded" in body["error"]["message"]) == (400, True)


def test_log_tells_what_was_asked(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Method, path, parameters, account, key and answer of every request."""
    client.v1.products.create({"name": "Team"}, {"idempotency_key": "once"})
    (entry,) = stripe_emulator.requests()
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", "/v1/products", 200)
    assert (entry["params"], entry["idempotency_key"], entry["account"]) == ({"name": "Team"}, "once", "acct_emulator")
    assert "sk_test_emulator" not in json.dumps(entry)


def test_log_can_be_filtered_and_counted(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """By any field, with asterisks; counts are by route."""
    product = client.v1.products.create({"name": "Team"})
    for _ in range(2):
        client.v1.products.retrieve(product.id)
    assert stripe_emulator.counts() == {"POST /v1/products": 1, "GET /v1/products/{id}": 2}
    assert stripe_emulator.count(method="GET", path="/v1/products/*") == 2
    assert stripe_emulator.count(status=404) == 0
    assert stripe_emulator.count(livemode="false") == 3


def test_log_can_begin_anew(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Cleared requests are not counted any more."""
    client.v1.products.list()
    stripe_emulator.clear_requests()
    assert stripe_emulator.count() == 0


def test_log_refuses_unknown_filters(stripe_emulator: EmulatorClient) -> None:
    """A misspelt filter would count everything."""
    with pytest.raises(ValueError, match="requests have no methd"):
        stripe_emulator.count(methd="GET")


def test_health_and_unknown_admin_addresses(stripe_emulator: EmulatorClient) -> None:
    """No key is needed, and a wrong address says so."""
    assert stripe_emulator.call("GET", "/health")["status"] == "ok"
    with pytest.raises(ValueError, match="the emulator has no GET /_emulator/nope"):
        stripe_emulator.call("GET", "/nope")


@pytest.mark.parametrize(
    ("moment", "seconds"), [("2026-01-31T12:00:00Z", 1_769_860_800), (5, 5), ("1970-01-02", 86400)]
)
def test_clock_is_set(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, moment: int | str, seconds: int
) -> None:
    """ISO dates and seconds are understood, and new objects carry the time."""
    stripe_emulator.clock.set(moment)
    assert client.v1.customers.create({}).created == seconds == stripe_emulator.clock.now()


def test_clock_runs_again(stripe_emulator: EmulatorClient) -> None:
    """Time that was set stands still until it is told to run."""
    stripe_emulator.clock.set(5)
    stripe_emulator.clock.run()
    assert stripe_emulator.clock.now() > 1_700_000_000


@pytest.mark.parametrize("body", [{}, {"now": 1, "advance": 1}, {"now": "soon"}, {"advance": None}])
def test_bad_time_is_refused(stripe_emulator: EmulatorClient, body: dict[str, Any]) -> None:
    """What is no time sets no clock."""
    with pytest.raises(ValueError, match="`advance`"):
        stripe_emulator.call("POST", "/clock", body)


def test_broken_text_is_no_crash(stripe_emulator: EmulatorClient) -> None:
    """Bytes that are no text are replaced, not a server error."""
    headers = {"Authorization": "Bearer sk_test_a", "Content_Type": "application/x-www-form-urlencoded"}
    status, body, _ = raw(stripe_emulator, "POST", "/v1/products", b"name=\xff", **headers)
    assert (status, body["name"]) == (200, "\N{REPLACEMENT CHARACTER}")


def test_huge_body_is_an_error_of_stripes_shape(stripe_emulator: EmulatorClient) -> None:
    """Whatever is sent, the answer is JSON."""
    headers = {"Authorization": "Bearer sk_test_a", "Content_Type": "application/x-www-form-urlencoded"}
    status, body, _ = raw(stripe_emulator, "POST", "/v1/products", b"name=" + b"x" * 17 * 2**20, **headers)
    assert (status, body["error"]["type"]) == (413, "invalid_request_error")


def test_answers_say_what_time_it_is(stripe_emulator: EmulatorClient) -> None:
    """The date of an answer, also of a refusal, must be the emulator's own time."""
    stripe_emulator.clock.set("2026-03-14T09:26:53Z")
    for key in (stripe_emulator.key, "sk_test"):
        _, _, headers = raw(stripe_emulator, "GET", "/v1/products", Authorization=f"Bearer {key}")
        assert headers["Date"] == "Sat, 14 Mar 2026 09:26:53 GMT"
