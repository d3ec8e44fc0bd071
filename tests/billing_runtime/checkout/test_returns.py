"""The way back: whoever comes by a signed link finds its subscription there, whatever crashed on the way."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from billing_runtime import Billing
from billing_runtime.clock import system_clock
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
BACK: Json = {"return_url": "https://app.test/billing/return", "failed_url": "https://app.test/oops?x=1"}


def paid(billing: Billing, emulator: EmulatorClient, **asked: Any) -> str:
    """Pay on a page; the query with which its customer comes back."""
    page = billing.checkout("org_1", price="team.monthly", quantity=3, **asked)
    link = str(emulator.complete_checkout(page.id)["success_url"])
    return urlsplit(link.replace("{CHECKOUT_SESSION_ID}", page.id)).query


def cached(billing: Billing, entity: str = "org_1") -> list[str]:
    """The statuses the cache has of an entity."""
    return [one.status for one in billing._context.cache.of(entity)]


def test_a_return_syncs_before_it_redirects(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """The customer must see what it paid for, with no webhook having come."""
    billing = shop(settings=BACK)
    query = paid(billing, stripe_emulator)
    assert cached(billing) == []
    answer = billing.returns.handle(query)
    assert (answer.status, answer.location) == (303, "https://app.test/done")
    assert cached(billing) == ["trialing"]
    assert [one.paid for one in billing.purchases.of("org_1")] == [True]


def test_the_target_may_want_the_session(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A target with Stripe's own place for the session's id must get it filled in."""
    billing = shop(settings=BACK)
    query = paid(billing, stripe_emulator, success_url="https://app.test/done?s={CHECKOUT_SESSION_ID}")
    (session,) = parse_qs(query)["session_id"]
    assert billing.returns.handle(query).location == f"https://app.test/done?s={session}"


def test_coming_back_twice(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A page that is loaded again must lead to the same place and change nothing."""
    billing = shop(settings=BACK)
    query = paid(billing, stripe_emulator)
    assert [billing.returns.handle(query).status for _ in range(3)] == [303] * 3
    assert stripe_emulator.count(method="DELETE") == 0
    assert len(billing.purchases.of("org_1")) == 1


@pytest.mark.parametrize("query", ["", "billing_return=", "billing_return=a.b", "billing_return=%00&x=%ff", "&&&=;"])
def test_a_link_that_is_none(shop: Callable[..., Billing], stripe_emulator: EmulatorClient, query: str) -> None:
    """Whoever makes a link up must be led to the page for that, and nothing is asked of Stripe."""
    answer = shop(settings=BACK).returns.handle(query)
    assert answer.location == "https://app.test/oops?x=1&reason=signature"
    assert stripe_emulator.count() == 0


def test_a_link_that_has_expired(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A link must be of no use a day later, whoever finds it."""
    query = paid(shop(settings=BACK), stripe_emulator)
    later = shop(settings=BACK, clock=lambda: system_clock() + timedelta(hours=26))
    assert later.returns.handle(query).location == "https://app.test/oops?x=1&reason=expired"


def test_secrets_in_rotation(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """Links signed with the old secret must be good while it is still listed, and no longer."""
    query = paid(shop(settings=BACK | {"return_secrets": ("old",)}), stripe_emulator)
    both = shop(settings=BACK | {"return_secrets": ("new", "old")})
    new = shop(settings=BACK | {"return_secrets": ("new",)})
    assert [one.returns.handle(query).location for one in (both, new)] == [
        "https://app.test/done",
        "https://app.test/oops?x=1&reason=signature",
    ]


def test_stripe_is_down(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A customer must not be shown an error of ours because Stripe is out of reach: the webhook follows."""
    billing = shop(settings=BACK)
    query = paid(billing, stripe_emulator)
    stripe_emulator.fail_next(503, count=None, method="GET")
    with caplog.at_level(logging.WARNING, "billing_runtime"):
        assert billing.returns.handle(query).location == "https://app.test/done"
    assert "is not up to date yet" in caplog.text
    stripe_emulator.clear_faults()
    billing.returns.handle(query)
    assert cached(billing) == ["trialing"]


def test_a_session_of_somebody_else(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A session's id put into one's own link must not make another entity's purchase one's own."""
    billing = shop(settings=BACK)
    mine = paid(billing, stripe_emulator)
    billing.customers.ensure("org_2", kind="organization")
    page = billing.checkout("org_2", price="team.monthly")
    stripe_emulator.complete_checkout(page.id)
    billing.returns.handle(mine.replace(parse_qs(mine)["session_id"][0], page.id))
    assert billing.purchases.of("org_1") == ()
    assert [one.entity_id for one in billing.purchases.of("org_2")] == ["org_2"]


def test_over_wsgi(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """The WSGI app must keep to the protocol, and answer GET only."""
    billing = shop(settings=BACK)
    query = paid(billing, stripe_emulator)

    def ask(method: str, query: str) -> tuple[str, dict[str, str], bytes]:
        environ: Json = {"REQUEST_METHOD": method, "QUERY_STRING": query}
        setup_testing_defaults(environ)
        said: list[Any] = []
        app: Any = validator(billing.returns.wsgi)
        body = app(environ, lambda status, headers: said.extend([status, headers]))
        text = b"".join(body)
        body.close()
        return said[0], dict(said[1]), text

    status, headers, _ = ask("GET", query)
    assert (status, headers["Location"]) == ("303 See Other", "https://app.test/done")
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert ask("POST", query)[0] == "405 Method Not Allowed"


def test_over_asgi(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """The ASGI app must say the same, start and stop with its server, and tell in words what no page was named for."""
    billing = shop(settings=BACK | {"failed_url": None})
    query = paid(billing, stripe_emulator)

    async def ask(scope: Json, *messages: Json) -> list[Json]:
        waiting, sent = iter(messages), list[Any]()

        async def receive() -> Any:
            return next(waiting)

        async def send(message: Any) -> None:
            sent.append(message)

        await billing.returns.asgi(scope, receive, send)
        return sent

    async def use() -> None:
        start, _ = await ask({"type": "http", "method": "GET", "query_string": query.encode()})
        assert (start["status"], dict(start["headers"])[b"location"]) == (303, b"https://app.test/done")
        start, body = await ask({"type": "http", "method": "GET", "query_string": b"billing_return=x"})
        assert (start["status"], body["body"]) == (
            400,
            b"This link is not valid. Please go back to the application.",
        )
        lived = await ask({"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
        assert [one["type"] for one in lived] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    asyncio.run(use())


# A process of an application: a customer comes back to it.
PROGRAM = """
import json, os, signal, sys
from billing_runtime import Billing, CheckoutSettings

settings = json.loads(sys.stdin.read())
query, checkout, kill_at = settings.pop("query"), settings.pop("checkout"), settings.pop("kill_at")
billing = Billing.open(**settings, checkout=CheckoutSettings(**checkout))
store, commits = billing._context.store, 0
begin = type(store).transaction

from contextlib import contextmanager

@contextmanager
def transaction(self, scope):
    global commits
    with begin(self, scope) as change:
        yield change
        if commits == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)  # before the commit
    commits += 1

type(store).transaction = transaction
print(billing.returns.handle(query).location)
"""


@pytest.fixture
def come_back(
    provisioned: Json, stripe_emulator: EmulatorClient, any_store_url: str
) -> Callable[..., subprocess.Popen[str]]:
    """Start a process to which a customer comes back; it kills itself in a transaction, if told to."""
    settings = {"manifest": provisioned, "store": any_store_url, "api_base": stripe_emulator.url, "environ": {}}

    def start(query: str, kill_at: int | None = None) -> subprocess.Popen[str]:
        started = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=-1, stdout=-1, stderr=-1, text=True)
        assert started.stdin is not None
        checkout = {"success_url": "https://app.test/done"} | BACK
        told = {"query": query, "checkout": checkout, "kill_at": -1 if kill_at is None else kill_at}
        started.stdin.write(json.dumps(settings | told | {"api_key": stripe_emulator.key}))
        started.stdin.close()
        started.stdin = None
        return started

    return start


STEPS = ["/v1/account", "/v1/checkout/sessions/*", "/v1/subscriptions"]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("path", STEPS)
def test_killed_at_a_request(
    shop: Callable[..., Billing],
    come_back: Callable[..., subprocess.Popen[str]],
    stripe_emulator: EmulatorClient,
    any_store_url: str,
    path: str,
    when: str,
) -> None:
    """SIGKILL at any request of a return must be mended by the next one: one subscription, known and paid."""
    billing = shop(settings=BACK, store=any_store_url)
    query = paid(billing, stripe_emulator)
    pause = stripe_emulator.pause_next(when, method="GET", path=path)
    doomed = come_back(query)
    pause.wait_until_reached()
    doomed.kill()
    doomed.communicate()
    pause.release()
    assert billing.returns.handle(query).location == "https://app.test/done"
    assert cached(billing) == ["trialing"]
    assert [one.paid for one in billing.purchases.of("org_1")] == [True]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("step", range(4))
def test_killed_in_a_transaction(
    shop: Callable[..., Billing],
    come_back: Callable[..., subprocess.Popen[str]],
    stripe_emulator: EmulatorClient,
    any_store_url: str,
    step: int,
) -> None:
    """SIGKILL in the middle of any transaction of a return must leave nothing half done."""
    billing = shop(settings=BACK, store=any_store_url)
    query = paid(billing, stripe_emulator)
    doomed = come_back(query, kill_at=step)
    assert doomed.communicate()[0] == ""
    assert doomed.returncode == -9
    assert billing.returns.handle(query).location == "https://app.test/done"
    assert cached(billing) == ["trialing"]
    assert [one.paid for one in billing.purchases.of("org_1")] == [True]


def test_nothing_personal_in_logs(
    shop: Callable[..., Billing],
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither addresses, names, keys, secrets nor links may be in what is logged on the way."""
    caplog.set_level(logging.DEBUG, "billing_runtime")
    billing = shop(settings=BACK | {"return_secrets": ("hush",)})
    query = paid(billing, stripe_emulator, email="ada@example.com", name="Ada Lovelace")
    billing.returns.handle(query)
    stripe_client.v1.customers.delete(billing.customers.require("org_1").id)
    billing.customers.repair("org_1", email="ada@example.com", name="Ada Lovelace")
    stripe_emulator.fail_next(503, count=None, method="GET")
    billing.returns.handle(query)
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    for secret in ("ada@", "a@example", "Lovelace", "hush", stripe_emulator.key, parse_qs(query)["billing_return"][0]):
        assert secret not in caplog.text
