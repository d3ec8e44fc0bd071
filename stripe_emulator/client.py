"""Steer a running emulator: what tests and scripts use instead of curl on /_emulator."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from stripe_emulator.client_deliveries import DeliveriesClient
from stripe_emulator.errors import meters, meters_v2
from stripe_emulator.portal_client import PortalClient

KEY = "sk_test_emulator"

_PATIENCE = 60  # seconds until a wait for something that never comes is given up


class EmulatorClient(DeliveriesClient):
    """Speaks to the admin addresses of one emulator; may be used by several threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = KEY
        self.clock = ClockClient(self)

    def reset(self) -> None:
        """Forget everything: objects, requests, faults, and the clock that was set."""
        self.call("POST", "/reset")

    def snapshot(self) -> dict[str, Any]:
        """Return everything the emulator keeps, to begin from it again with `restore`."""
        return dict(self.call("GET", "/snapshot"))

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Forget everything, then have what there was at the time of the snapshot: provision once, test often."""
        self.call("POST", "/snapshot", snapshot)

    def requests(self, **filters: str | int) -> list[dict[str, Any]]:
        """Return the requests so far, oldest first: `requests(method="POST", path="/v1/prices*")`."""
        return list(self.call("GET", f"/requests?{urlencode(filters)}")["requests"])

    def count(self, **filters: str | int) -> int:
        """Return how many requests there were so far."""
        return int(self.call("GET", f"/requests?{urlencode(filters)}")["count"])

    def counts(self) -> dict[str, int]:
        """Return how many requests there were so far, by route: `{"POST /v1/prices": 3}`."""
        return dict(self.call("GET", "/requests/counts"))

    def clear_requests(self) -> None:
        """Begin to count anew."""
        self.call("DELETE", "/requests")

    def fail_next(self, status: int = 500, **rule: Any) -> None:
        """Answer the next matching request with this status: `fail_next(429, method="POST", path="/v1/prices")`."""
        self.call("POST", "/faults", {"kind": "status", "status": status, **rule})

    def delay_next(self, seconds: float, **rule: Any) -> Pause:
        """Let the next matching request wait before it is processed; it can be released earlier."""
        return Pause(self, self.call("POST", "/faults", {"kind": "latency", "seconds": seconds, **rule})["id"])

    def break_next(self, **rule: Any) -> None:
        """Process the next matching request, and break off its answer in the middle of the body."""
        self.call("POST", "/faults", {"kind": "partial", **rule})

    def stall_next(self, **rule: Any) -> Pause:
        """Process the next matching request, and answer its head and then nothing, until it is released."""
        return Pause(self, self.call("POST", "/faults", {"kind": "stall", **rule})["id"])

    def lock_next(self, **rule: Any) -> None:
        """Answer the next matching request with 429 `lock_timeout`, as if another one held the object."""
        self.call("POST", "/faults", {"kind": "lock", **rule})

    def limit(self, **limit: int | str | None) -> None:
        """Limit what every account may ask: `limit(per_second=25, time="real")`; without a word, nothing."""
        self.call("POST", "/limits", limit)

    def lag_search(self, seconds: int) -> None:
        """Let search find what it would have found so many seconds of the emulator's time ago."""
        self.call("POST", "/search", {"lag": seconds})

    def cut_next(self, when: str = "after", **rule: Any) -> None:
        """Cut the connection before or after the next matching request is processed."""
        self.call("POST", "/faults", {"kind": f"cut_{when}", **rule})

    def pause_next(self, when: str = "before", **rule: Any) -> Pause:
        """Hold the next matching request before or after it is processed, until it is released."""
        return Pause(self, self.call("POST", "/faults", {"kind": f"pause_{when}", **rule})["id"])

    def contend_next(self, customer: str = "", *, path: str = "/v1/billing/meter_events", **rule: Any) -> None:
        """Refuse a customer's next usage event as if another one on the same meter were being recorded (429)."""
        error = (meters_v2 if path.startswith("/v2/") else meters).concurrent()
        body = error.body(v2=path.startswith("/v2/"))
        self.fail_next(
            error.status, method="POST", path=path, containing=customer, body=body, headers=error.headers, **rule
        )

    def delay_meter_events(self, seconds: int | None) -> None:
        """Let usage events count only so many seconds after they were sent, as at Stripe; None: at once."""
        self.call("POST", "/meter_events", {"delay": seconds})

    def process_meter_events(self) -> None:
        """Count every usage event that waits, and report the bad ones, now."""
        self.call("POST", "/meter_events/process")

    def restrict(self, key: str, permissions: dict[str, str]) -> None:
        """Say what a restricted key may do: `restrict("rk_test_emulator", {"prices": "write"})`."""
        self.call("POST", "/permissions", {"key": key, "permissions": permissions})

    def connect(self, owner: str, *accounts: str) -> None:
        """Let a platform (`acct_…`) or an organization's key (`sk_org_test_…`) reach other accounts."""
        self.call("POST", "/accounts", {"owner": owner, "accounts": list(accounts)})

    def expire_key(self, key: str) -> None:
        """Let a key expire: every request with it is a 401 from now on."""
        self.call("POST", "/keys/expire", {"key": key})

    def complete_checkout(
        self,
        session: str,
        *,
        payment_method: str = "pm_card_visa",
        email: str | None = None,
        quantities: dict[int, int] | None = None,
        optional_items: dict[int, int] | None = None,
        promotion_code: str | None = None,
    ) -> dict[str, Any]:
        """Fill in the page of a checkout session as its customer does; a declined card is a ValueError."""
        given = {"payment_method": payment_method, "email": email, "quantities": quantities}
        more = {"optional_items": optional_items, "promotion_code": promotion_code}
        given |= {name: value for name, value in more.items() if value}
        return dict(self.call("POST", f"/checkout_sessions/{session}/complete", given))

    def recover_checkout(self, session: str) -> dict[str, Any]:
        """Follow the link that takes an expired checkout session up again, and return the new one."""
        return dict(self.call("POST", f"/checkout_sessions/{session}/recover", {}))

    def portal(self, session: str) -> PortalClient:
        """Do in a session of the customer portal what its customer does: `portal(session.id).cancel(subscription)`."""
        return PortalClient(self, session)

    def authenticate(self, intent: str, outcome: str = "succeed") -> dict[str, Any]:
        """Confirm a payment or setup intent with the bank as its customer does (3D Secure), or `fail` to."""
        kind = "setup_intents" if intent.startswith("seti_") else "payment_intents"
        return dict(self.call("POST", f"/{kind}/{intent}/authenticate", {"outcome": outcome}))

    def settle(self, intent: str, outcome: str = "succeed") -> dict[str, Any]:
        """Let a payment that takes days (a debit) arrive now, or `fail`."""
        return dict(self.call("POST", f"/payment_intents/{intent}/settle", {"outcome": outcome}))

    def renew_card(self, payment_method: str, **card: int | str) -> dict[str, Any]:
        """Let the bank renew a card: `renew_card("pm_…", exp_year=2031, last4="0005")`."""
        return dict(self.call("POST", f"/payment_methods/{payment_method}/renew", card))

    def billing_settings(self, **chosen: Any) -> dict[str, Any]:
        """Choose when a failed invoice is tried again and what comes at last, for the account of `key`.

        `billing_settings(retry_days=[3, 5, 7], after_retries="cancel")`; the last may be `unpaid` or `past_due`.
        """
        return dict(self.call("POST", "/billing_settings", {"key": self.key, **chosen}))

    def clear_faults(self) -> None:
        """Forget the faults."""
        self.call("DELETE", "/faults")

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask one admin address; a refusal is a ValueError with its sentence."""
        address = urlsplit(self.url)
        with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=_PATIENCE)) as connection:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/_emulator{path}", text, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        if response.status >= 400:
            raise ValueError(answer["error"])
        return answer


@dataclass(frozen=True)
class ClockClient:
    """The emulator's time."""

    emulator: EmulatorClient

    def now(self) -> int:
        """Return the emulator's time in seconds since 1970."""
        return int(self.emulator.call("GET", "/clock")["now"])

    def set(self, moment: int | str) -> None:
        """Let time stand still at an ISO date or at seconds since 1970."""
        self.emulator.call("POST", "/clock", {"now": moment})

    def advance(self, seconds: int) -> None:
        """Move time on; it stands still afterwards."""
        self.emulator.call("POST", "/clock", {"advance": seconds})

    def run(self) -> None:
        """Let time run with the real one again."""
        self.emulator.call("POST", "/clock", {"now": None})


@dataclass(frozen=True)
class Pause:
    """A point at which a request is held."""

    emulator: EmulatorClient
    id: str

    def wait_until_reached(self) -> None:
        """Return as soon as a request is held here."""
        self.emulator.call("GET", f"/faults/{self.id}/reached")

    def release(self) -> None:
        """Let it go on."""
        self.emulator.call("POST", f"/faults/{self.id}/release")
