"""Faults on demand, as the official client sees them."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from stripe_emulator import EmulatorClient, serve

KEY: Any = {"idempotency_key": "once"}


def create(client: stripe.StripeClient, options: Any = None) -> stripe.Product:
    """Create a product."""
    return client.v1.products.create({"name": "Team"}, options)


def attempt(client: stripe.StripeClient, failures: list[Exception]) -> None:
    """Create a product, or note that the connection was cut."""
    try:
        create(client)
    except stripe.APIConnectionError as error:
        failures.append(error)


def names(client: stripe.StripeClient) -> int:
    """Return how many products there are."""
    return len(client.v1.products.list().data)


@pytest.mark.error_case(26)
def test_rate_limit_looks_like_stripes(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A 429 has Stripe's code, sentence and header, and happens once."""
    stripe_emulator.fail_next(429)
    with pytest.raises(stripe.RateLimitError, match="rate limit exceeded") as refused:
        create(client)
    assert refused.value.headers is not None
    assert refused.value.headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    assert "error-codes/rate-limit" in str(refused.value.json_body)
    assert create(client).id


def test_rule_matches_method_and_path(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Other requests pass."""
    stripe_emulator.fail_next(500, method="POST", path="/v1/prices*")
    create(client)
    with pytest.raises(stripe.APIError):
        client.v1.prices.create({"currency": "usd"})


def test_rule_can_skip_and_repeat(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The second and third request fail, the first and fourth do not."""
    stripe_emulator.fail_next(503, skip=1, count=2)
    outcomes = []
    for _ in range(4):
        try:
            outcomes.append(create(client).name)
        except stripe.APIError as error:
            outcomes.append(str(error.http_status))
    assert outcomes == ["Team", "503", "503", "Team"]


def test_failure_can_have_any_body_and_headers(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """For errors that have no constructor of their own."""
    body = {"error": {"type": "invalid_request_error", "code": "lock_timeout", "message": "locked"}}
    stripe_emulator.fail_next(429, body=body, headers={"Retry-After": "7"})
    with pytest.raises(stripe.RateLimitError, match="locked") as refused:
        create(client)
    assert refused.value.headers is not None
    assert refused.value.headers["Retry-After"] == "7"


@pytest.mark.parametrize(("status", "replays"), [(500, True), (503, False), (429, False)])
def test_only_a_500_is_kept_under_the_key(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, status: int, replays: bool
) -> None:
    """A 500 is an answer and is replayed; what never reached execution is not."""
    stripe_emulator.fail_next(status)
    with pytest.raises(stripe.StripeError):
        create(client, KEY)
    if replays:
        with pytest.raises(stripe.APIError) as again:
            create(client, KEY)
        assert again.value.headers is not None
        assert again.value.headers["Idempotent-Replayed"] == "true"
    else:
        assert create(client, KEY).name == "Team"


def test_cut_before_processing_changes_nothing(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The connection is gone and the object was never made."""
    stripe_emulator.cut_next("before", method="POST")
    with pytest.raises(stripe.APIConnectionError):
        create(client)
    assert names(client) == 0


def test_cut_after_processing_keeps_the_result(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The object was made, and the same key gives its answer."""
    stripe_emulator.cut_next("after", method="POST")
    with pytest.raises(stripe.APIConnectionError):
        create(client, KEY)
    assert names(client) == 1
    again = create(client, KEY)
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert names(client) == 1


def test_client_that_tries_again_sees_nothing(stripe_emulator: EmulatorClient) -> None:
    """With its own retries the client comes through a cut with one object."""
    client = stripe.StripeClient(
        stripe_emulator.key, base_addresses={"api": stripe_emulator.url}, max_network_retries=1
    )
    stripe_emulator.cut_next("after", method="POST")
    create(client)
    assert names(client) == 1


@pytest.mark.parametrize(("when", "before_release"), [("before", 0), ("after", 1)])
def test_request_can_be_held(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, when: str, before_release: int
) -> None:
    """Held before processing nothing has happened, held after it everything but the answer."""
    pause = stripe_emulator.pause_next(when, method="POST")
    held = threading.Thread(target=create, args=(client,))
    held.start()
    pause.wait_until_reached()
    assert names(client) == before_release
    pause.release()
    held.join()
    assert names(client) == 1


@pytest.mark.parametrize("rule", ["pause", "delay"])
def test_reset_cuts_off_who_is_held(client: stripe.StripeClient, stripe_emulator: EmulatorClient, rule: str) -> None:
    """A held or slow request does not reach into the state after a reset."""
    hold = {"pause": stripe_emulator.pause_next, "delay": lambda: stripe_emulator.delay_next(3600)}
    pause = hold[rule]()
    failures: list[Exception] = []
    held = threading.Thread(target=attempt, args=(client, failures))
    held.start()
    pause.wait_until_reached()
    stripe_emulator.reset()
    held.join()
    assert (len(failures), names(client)) == (1, 0)


def test_closing_the_server_cuts_off_who_is_held() -> None:
    """A forgotten pause does not keep the server from ending."""
    with serve() as server:
        client = stripe.StripeClient("sk_test_a", base_addresses={"api": server.url})
        pause = server.admin.pause_next("before")
        failures: list[Exception] = []
        held = threading.Thread(target=attempt, args=(client, failures))
        held.start()
        pause.wait_until_reached()
    held.join()
    assert len(failures) == 1


def test_latency_delays_the_answer_only(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A slow request succeeds all the same, and the rule is spent."""
    stripe_emulator.delay_next(0.001)
    assert create(client).name == "Team"
    assert stripe_emulator.requests()[-1]["fault"] == "latency"
    assert stripe_emulator.call("GET", "/faults")["faults"][0]["count"] == 0


def test_cleared_rules_do_nothing(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Rules can be taken back."""
    stripe_emulator.fail_next(500, count=None)
    stripe_emulator.clear_faults()
    assert create(client).name == "Team"


@pytest.mark.parametrize("rule", [{"kind": "explode"}, {"kind": "status", "stauts": 500}, {}])
def test_bad_rule_is_refused(stripe_emulator: EmulatorClient, rule: dict[str, Any]) -> None:
    """A rule that would never do what was meant is an error."""
    with pytest.raises(ValueError, match="a fault"):
        stripe_emulator.call("POST", "/faults", rule)


def test_unknown_pause_is_refused(stripe_emulator: EmulatorClient) -> None:
    """Only a rule that exists can be released."""
    with pytest.raises(ValueError, match="there is no fault nope"):
        stripe_emulator.call("POST", "/faults/nope/release")


@pytest.mark.error_case(27)
@pytest.mark.belief("an object that another request holds is a 429 `lock_timeout`, without a limit's header", "D I")
def test_object_can_be_locked(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Once, and nothing is kept under the idempotency key."""
    stripe_emulator.lock_next(method="POST", should_retry=True)
    with pytest.raises(stripe.RateLimitError) as refused:
        create(client, KEY)
    error, headers = refused.value.error, refused.value.headers or {}
    assert error is not None
    assert (error.code, headers.get("Stripe-Rate-Limited-Reason")) == ("lock_timeout", None)
    assert (str(error.message)[:38], headers["Stripe-Should-Retry"]) == (
        "This object cannot be accessed right n",
        "true",
    )
    assert create(client, KEY).name == "Team"


@pytest.mark.parametrize("reason", ["global-rate", "endpoint-concurrency", "resource-specific"])
def test_reason_of_a_limit_can_be_chosen(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, reason: str
) -> None:
    """Stripe has five of them."""
    stripe_emulator.fail_next(429, reason=reason)
    with pytest.raises(stripe.RateLimitError) as refused:
        create(client)
    assert (refused.value.headers or {})["Stripe-Rate-Limited-Reason"] == reason


def test_client_obeys_the_advice_not_to_try_again(stripe_emulator: EmulatorClient) -> None:
    """`Stripe-Should-Retry: false` ends the official client's own attempts."""
    client = stripe.StripeClient(
        stripe_emulator.key, base_addresses={"api": stripe_emulator.url}, max_network_retries=2
    )
    stripe_emulator.fail_next(503, should_retry=False)
    with pytest.raises(stripe.APIError):
        create(client)
    assert stripe_emulator.count(method="POST") == 1


def test_answer_can_break_off(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The request is carried out, half of its answer arrives; the same key gives the whole one."""
    stripe_emulator.break_next(method="POST")
    with pytest.raises(stripe.APIConnectionError):
        create(client, KEY)
    assert names(client) == 1
    again = create(client, KEY)
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"


def test_answer_can_stall(stripe_emulator: EmulatorClient) -> None:
    """The head arrives and then nothing; released, the connection ends."""
    stall = stripe_emulator.stall_next(method="POST")
    address = urlsplit(stripe_emulator.url)
    body = b"name=Team"
    head = f"POST /v1/products HTTP/1.1\r\nAuthorization: Bearer {stripe_emulator.key}\r\nContent-Length: {len(body)}"
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
        stall.wait_until_reached()
        received = connection.recv(65536)
        assert received.startswith(b"HTTP/1.1 200")
        assert received.endswith(b"\r\n\r\n")
        stall.release()
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""


@pytest.mark.parametrize("kind", ["partial", "stall", "cut_after"])
def test_faults_hold_behind_the_web_servers_parser(stripe_emulator: EmulatorClient, kind: str) -> None:
    """A body in chunks takes another way to the same end: no whole answer."""
    fault = stripe_emulator.call("POST", "/faults", {"kind": kind})["id"]
    address = urlsplit(stripe_emulator.url)
    head = f"POST /v1/products HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {stripe_emulator.key}\r\n"
    chunks = "Transfer-Encoding: chunked\r\n\r\n9\r\nname=Team\r\n0\r\n\r\n"
    received = b""
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall((head + chunks).encode())
        if kind == "stall":
            stripe_emulator.call("GET", f"/faults/{fault}/reached")
            stripe_emulator.clear_faults()
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                received += part
    assert not received.rstrip().endswith(b"}")
    assert stripe_emulator.count(method="POST") == 1


def test_unknown_reason_is_refused(stripe_emulator: EmulatorClient) -> None:
    """A reason that Stripe does not have is an error."""
    with pytest.raises(ValueError, match="a fault's reason is one of global-rate"):
        stripe_emulator.fail_next(429, reason="bad-weather")
