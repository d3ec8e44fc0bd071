"""Steer the deliveries of a running emulator."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode


class DeliveriesClient(ABC):
    """What tests do with webhooks and thin events."""

    @abstractmethod
    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask one admin address; a refusal is a ValueError with its sentence."""

    def forward(self, table: dict[str, str]) -> None:
        """Let what is for a public address go to a local one: `{"https://app.example.com": "http://127.0.0.1:8000"}`."""
        self.call("POST", "/forward", table)

    def deliveries(self, **filters: str) -> list[dict[str, Any]]:
        """Return the deliveries so far, oldest first: `deliveries(type="invoice.*", state="failed")`."""
        return list(self.call("GET", f"/deliveries?{urlencode(filters)}")["deliveries"])

    def wait_for_deliveries(self) -> None:
        """Return when nothing is in flight and nothing is ready to be sent; retries wait for their moment."""
        self.call("GET", "/deliveries/settled")

    def resend(self, event: str, endpoint: str | None = None) -> list[str]:
        """Deliver an event again, to one endpoint or to all that want it; return the ids of the deliveries."""
        return list(self.call("POST", f"/events/{event}/resend", {"endpoint": endpoint})["deliveries"])

    def roll_secret(self, endpoint: str, expires_in: int = 86400) -> str:
        """Give an endpoint a new secret and return it; the old one also signs for so many seconds."""
        return str(self.call("POST", f"/endpoints/{endpoint}/roll_secret", {"expires_in": expires_in})["secret"])

    def disturb(self, kind: str, **rule: Any) -> None:
        """Let deliveries go wrong: `disturb("shuffle", seed=7)`, duplicate, delay, drop, status, timeout, …."""
        self.call("POST", "/disturbances", {"kind": kind, **rule})

    def calm(self) -> None:
        """Let deliveries go well again, and in order."""
        self.call("DELETE", "/disturbances")

    def be_patient(self, seconds: float) -> None:
        """Give endpoints so many real seconds for their answer, instead of 20."""
        self.call("POST", "/delivery_patience", {"seconds": seconds})
