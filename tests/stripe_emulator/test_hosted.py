"""Where the links of objects to hosted pages lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import stripe

from stripe_emulator import EmulatorClient, serve
from stripe_emulator.hosted import Hosted

if TYPE_CHECKING:
    import pytest

_ASKED: Any = {"mode": "setup", "currency": "usd", "success_url": "https://app.example.com/"}


def _url(address: str, **options: Any) -> str:
    client = stripe.StripeClient("sk_test_emulator", base_addresses={"api": address})
    return client.v1.checkout.sessions.create(_ASKED, options or None).url or ""  # type: ignore[arg-type]


def test_links_lead_to_the_address_that_was_asked(stripe_emulator: EmulatorClient) -> None:
    """Whatever name the emulator was reached by, its links have the same."""
    assert _url(stripe_emulator.url).startswith(f"{stripe_emulator.url}/c/pay/cs_test_")
    other = stripe_emulator.url.replace("127.0.0.1", "localhost")
    assert _url(other).startswith(f"{other}/c/pay/")


def test_links_may_look_like_stripes(monkeypatch: pytest.MonkeyPatch) -> None:
    """On request the links are Stripe's own."""
    monkeypatch.delenv("EMULATED_STRIPE_RECORD", raising=False)
    with serve(stripe_urls=True) as server:
        assert _url(server.url).startswith("https://checkout.stripe.com/c/pay/cs_test_")


def test_a_proxy_is_named_by_its_own_address() -> None:
    """Behind TLS the links are https; without a name the emulator's own address stays."""
    own = Hosted("http://127.0.0.1:1")
    asked = own.as_asked({"host": "pay.example", "x-forwarded-proto": "https"})
    assert asked.url("checkout", "/c/pay/cs_1") == "https://pay.example/c/pay/cs_1"
    assert own.as_asked({}) is own
    assert Hosted().as_asked({"host": "pay.example"}).url("billing", "/p") == "https://billing.stripe.com/p"
