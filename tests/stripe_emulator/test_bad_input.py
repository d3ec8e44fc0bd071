"""Whatever is sent, the answer is an error of Stripe's shape or one sentence, and the emulator lives on."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient

KEY = b"Authorization: Bearer sk_test_emulator\r\n"
FORM = {"Authorization": "Bearer sk_test_emulator", "Content-Type": "application/x-www-form-urlencoded"}
GET = b"GET /v1/products HTTP/1.1\r\nHost: a\r\n" + KEY
POST = b"POST /v1/products HTTP/1.1\r\nHost: a\r\n" + KEY
Raw = Callable[..., tuple[int, Any]]


def sent(url: str, data: bytes) -> bytes:
    """Send bytes over a connection of their own, and return what comes until its end."""
    address, received = urlsplit(url), b""
    with socket.create_connection((address.hostname, address.port)) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            received += part
    return received


def answered(url: str, data: bytes) -> tuple[int, dict[str, Any]]:
    """Send what is to be answered at once, and return status and error."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(data)
        received = connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), dict(json.loads(body).get("error", {}))


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x00\xc8\x01",
        b"\x00\xff\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        b"get /v1/products HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/products HTTP/3.1\r\nHost: a\r\n\r\n",
        b"GET /v1/pro ducts HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/%00 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        GET + b"Bad Header\r\n\r\n",
        GET + b"X: a\r\n b\r\n\r\n",
        GET + b"X: \x00\r\n\r\n",
        b"GET /v1/" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        GET + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
        POST + b"Content-Length: -5\r\n\r\n",
        POST + b"Content-Length: ten\r\n\r\n",
        POST + b"Content-Length: 6\r\nContent-Length: 5\r\n\r\nname=a",
    ],
)
def test_what_is_no_http_is_refused(stripe_emulator: EmulatorClient, data: bytes) -> None:
    """With a 400 of Stripe's shape, at once."""
    status, error = answered(stripe_emulator.url, data)
    assert (status, error["message"]) == (400, "The request is no well-formed HTTP request.")


@pytest.mark.parametrize(
    "data",
    [
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nname=a\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nname=a\r\n0\r\n\r\n",
        POST + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nname=a",
    ],
)
def test_body_that_cannot_be_read_is_refused(
    stripe_emulator: EmulatorClient, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    """With a 400, and without a word in the log: it is the client's fault."""
    address = urlsplit(stripe_emulator.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(data)
        assert connection.recv(65536).split(b" ")[1] == b"400"
    assert caplog.records == []


@pytest.mark.parametrize("data", [b"", b"GET", POST + b"Content-Length: 100\r\n\r\nname=a", POST[:40]])
def test_request_that_breaks_off_changes_nothing(
    stripe_emulator: EmulatorClient, client: stripe.StripeClient, data: bytes
) -> None:
    """Nobody is there to be answered."""
    assert sent(stripe_emulator.url, data) == b""
    assert sent(stripe_emulator.url, POST + b"Transfer-Encoding: chunked\r\n\r\n9\r\nname") == b""
    assert client.v1.products.list().data == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/products/%00", "/v1/products/%ff", "/v1/products/%zz", "/v1/../v1/products/a", "//v1//products", "/v1/",
        "/v1/products//", "/v1/products/" + quote("prod_ä€😀"), "/v1/products/" + "a" * 7000, "/v1/products/..", "/",
        "/v1/products/a;b", "/v1/products/%2e%2e%2fprices", "/v3/products", "/V1/products", "/v1/products/%0d%0aX:1",
    ],
)  # fmt: skip
def test_odd_addresses_name_nothing(raw: Raw, path: str) -> None:
    """A 404 of Stripe's, whatever stands in the path."""
    status, body = raw("GET", path)
    assert (status, body["error"]["type"]) == (404, "invalid_request_error")


@pytest.mark.parametrize(
    "path", ["/v1/products?limit=1&limit", "/v1/products?&&&", "/v1/products?limit=1#x", "/v1/products?%6cimit=1"]
)
def test_odd_queries_are_read(stripe_emulator: EmulatorClient, path: str) -> None:
    """What means nothing is passed over, what is encoded is decoded."""
    data = f"GET {path} HTTP/1.1\r\nHost: a\r\n".encode() + KEY + b"\r\n"
    status, error = answered(stripe_emulator.url, data)
    assert status in (200, 400)
    assert (status == 200) is not ("message" in error)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("name=a&metadata=b", "Invalid object"),
        ("name=a&metadata[x]=1&metadata[]=2", "Invalid array"),
        ("name=a&metadata[]=1&metadata[x]=2", "Invalid object"),
        ("name=a&images=x", "Invalid array"),
        ("name=a&images[x]=y", "Invalid array"),
        ("name=a&images[0][x]=y", "Invalid string"),
        ("name[]=a", "Invalid string"),
        ("name[x]=a", "Invalid string"),
        ("name=a&a[=1", "unknown parameter"),
        ("name=a&a]=1", "unknown parameter"),
        ("name=a&[a]=1", "unknown parameter"),
        ("name=a&=1", "unknown parameter"),
        ("name=a&metadata[x][y]=1", "Invalid string"),
        ("name=a&package_dimensions[height]=NaN", "Invalid"),
        ("name=a&package_dimensions[height]=1e400", "Invalid"),
        ("name=a&active=1", "Invalid boolean"),
        ("name=a&a" + "[a]" * 100_000 + "=1", "unknown parameter"),
        ("name=a&a" + "[" * 100_000 + "=1", "unknown parameter"),
        ("name=a&" + "metadata[a]" * 10_000 + "=1", "unknown parameter"),
        ("name=a" + "&x=1" * 20_000, "at most 10000 parameters"),
        ("name=" + "a" * 10_000_000, "must be at most 5000 characters"),
        ("name=a&metadata[x]=" + "ä" * 501, "at most 500 characters"),
    ],
)
def test_malformed_forms_are_refused(raw: Raw, body: str, words: str) -> None:
    """A 400 that says what is wrong, however deep and long."""
    status, answer = raw("POST", "/v1/products", body.encode(), headers=FORM)
    assert (status, words in answer["error"]["message"]) == (400, True), answer["error"]["message"][:200]


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", "nonsense", ""]
)
def test_other_content_types_are_refused(raw: Raw, content_type: str) -> None:
    """v1 speaks forms, v2 JSON."""
    status, body = raw("POST", "/v1/products", b"name=a", headers={**FORM, "Content-Type": content_type})
    assert (status, "content type" in body["error"]["message"]) == (400, True)
    headers = {**FORM, "Content-Type": content_type, "Stripe-Version": "2026-10-28.endive"}
    if content_type != "application/json":
        assert raw("POST", "/v2/core/event_destinations", b"{}", headers=headers)[0] == 400


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b"\xff", b"[" * 100_000, b'{"a":' * 50_000, b'{"name": NaN}', b""])
def test_malformed_json_is_refused(raw: Raw, body: bytes) -> None:
    """However deep it nests."""
    headers = {**FORM, "Content-Type": "application/json", "Stripe-Version": "2026-10-28.endive"}
    status, answer = raw("POST", "/v2/core/event_destinations", body, headers=headers)
    assert (status, "message" in answer["error"]) == (400, True)


@pytest.mark.parametrize(
    "value",
    [
        "Bearer",
        "Bearer  ",
        "Basic",
        "Basic ====",
        "Basic /w==",
        "Bearer sk_test_\u00e4",
        "Negotiate x",
        "Bearer " + "a" * 5000,
    ],
)
def test_bad_authorization_is_a_401(raw: Raw, value: str) -> None:
    """And the key is not repeated."""
    status, body = raw("GET", "/v1/products", headers={"Authorization": value.encode("latin-1").decode("latin-1")})
    assert (status, "a" * 100 in body["error"]["message"]) == (401, False)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", "{{{"),
        ("/clock", '{"now": 1e400}'),
        ("/clock", '{"advance": 1e400}'),
        ("/clock", "[]"),
        ("/snapshot", '{"documents": 5}'),
        ("/snapshot", '{"documents": [[1]]}'),
        ("/faults", '{"kind": "latency", "seconds": "long"}'),
        ("/faults", '{"kind": "status", "status": 99}'),
        ("/faults", '{"kind": "status", "headers": "x"}'),
        ("/faults", '{"kind": ["status"]}'),
        ("/permissions", '{"key": 5}'),
        ("/keys/expire", '{"key": null}'),
        ("/checkout_sessions/nope/complete", "{}"),
    ],
)
def test_bad_steering_is_one_sentence(raw: Raw, path: str, body: str) -> None:
    """The admin addresses say what they want."""
    status, answer = raw("POST", f"/_emulator{path}", body.encode())
    assert status in (400, 404)
    assert answer["error"]


LINES = st.sampled_from([GET, POST, GET.replace(b"products", b"%41"), b"DELETE /v1/x HTTP/1.1\r\n"])
LINES_OF_A_HEAD = (
    "Content-Length: 6", "Content-Length: 5000", "Transfer-Encoding: chunked", "Expect: 100-continue", "Upgrade: h2c",
    "Connection: close", "Content-Type: text/plain", "Idempotency-Key: a", "Stripe-Version: 1", "Host: b", "X:", "",
    "Stripe-Account: acct_b",
)  # fmt: skip
HEADERS = st.lists(st.sampled_from([f"{line}\r\n".encode() for line in LINES_OF_A_HEAD]))
BODIES = st.one_of(st.binary(max_size=40), st.sampled_from([b"name=a", b"6\r\nname=a\r\n0\r\n\r\n", b"name[a][]=%"]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=LINES, headers=HEADERS, body=BODIES, cut=st.integers(0, 400), noise=st.binary(max_size=6))
def test_nothing_that_is_sent_ends_it(
    stripe_emulator: EmulatorClient,
    caplog: pytest.LogCaptureFixture,
    line: bytes,
    headers: list[bytes],
    body: bytes,
    cut: int,
    noise: bytes,
) -> None:
    """Requests with anything in their middle are answered with HTTP or not at all; nothing is logged, others go on."""
    whole = line + b"".join(headers) + b"\r\n" + body
    received = sent(stripe_emulator.url, whole[:cut] + noise + whole[cut:])
    assert received == b"" or received.startswith(b"HTTP/1.")
    assert b"Traceback" not in received
    assert answered(stripe_emulator.url, GET + b"\r\n")[0] == 200
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


NAMES = st.text(st.sampled_from("ab[]0.%&=+ä\x00"), max_size=12)
FIELDS = st.lists(st.tuples(st.one_of(NAMES, st.sampled_from(["name", "metadata[a]", "images[]", "images[0]"])), NAMES))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=FIELDS, is_encoded=st.booleans(), method=st.sampled_from(["GET", "POST"]))
def test_no_form_is_a_failure(
    raw: Raw, caplog: pytest.LogCaptureFixture, fields: list[tuple[str, str]], is_encoded: bool, method: str
) -> None:
    """Granted or refused, and never an error of the emulator's own."""
    pairs = ((quote(name), quote(value)) if is_encoded else (name, value) for name, value in fields)
    text = "&".join("=".join(pair) for pair in pairs)
    if method == "GET":
        status, body = raw("GET", f"/v1/products?{quote(text, safe='&=%[]')}")
    else:
        status, body = raw("POST", "/v1/products", text.encode(), headers=FORM)
    assert status in (200, 400)
    assert (status == 200) is not ("error" in body)
    assert caplog.records == []
