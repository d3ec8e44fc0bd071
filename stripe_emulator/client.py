"""Steer a running emulator: what tests and scripts use instead of curl on /_emulator."""

from __future__ import annotations

import http.client
import json
from typing import Any, Self
from urllib.parse import urlsplit

KEY = "sk_test_emulator"


class EmulatorClient:
    """Speaks to the admin addresses of one emulator."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = KEY
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the emulator goes on."""
        self._connection.close()

    def reset(self) -> None:
        """Forget everything."""
        self._call("POST", "/reset")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        text = None if body is None else json.dumps(body)
        self._connection.request(method, f"/_emulator{path}", text, {"Content-Type": "application/json"})
        with self._connection.getresponse() as response:
            answer = json.loads(response.read())
        if response.status >= 400:
            raise ValueError(answer["error"])
        return answer
