"""One refused request of each error case: what it must be answered stands in script/error_cases.json."""

from __future__ import annotations

import http.client
import json
import re
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

_TABLE = Path(__file__).resolve().parents[3] / "script" / "error_cases.json"


@dataclass(frozen=True)
class Refused:
    """A request, with `{names}` of a stage in it, and the words of its refusal."""

    number: int
    request: str
    params: dict[str, str]
    words: str
    param: str | None = None
    """Where one case has several requests: the parameter that this one is blamed on."""
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def case(number: int, request: str, params: dict[str, str], words: str, **more: Any) -> Any:
    """Return the parameter of a test that shows an error case."""
    refused = Refused(number, request, params, words, **more)
    return pytest.param(refused, marks=pytest.mark.error_case(number), id=f"{number}")


def show(url: str, names: dict[str, str], refused: Refused, *, key: str = "sk_test_emulator") -> None:
    """Send the request, and hold the answer against the table and the words."""
    method, path = refused.request.format(**names).split(" ", 1)
    params = {name.format(**names): value.format(**names) for name, value in refused.params.items()}
    status, error = ask(url, method, path, params, {"Authorization": f"Bearer {key}", **refused.headers})
    wanted = expected(refused.number)
    assert (status, error["type"]) == (wanted["status"], wanted.get("type", "invalid_request_error")), error
    assert error.get("code") == (refused.code or wanted["code"]), error
    assert error.get("param") == (refused.param or wanted["param"]), error
    assert re.search(refused.words.format(**names), error["message"]), error["message"]
    assert ("doc_url" in error) == ("code" in error)


def ask(
    url: str, method: str, path: str, params: dict[str, str], headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Send one request, and return its status and its error."""
    usual = {"Authorization": "Bearer sk_test_emulator", "Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode(params)
    address, body = (path, form) if method == "POST" else (f"{path}?{form}" if form else path, "")
    server = urlsplit(url)
    connect = http.client.HTTPSConnection if server.scheme == "https" else http.client.HTTPConnection
    with closing(connect(server.netloc)) as connection:
        given = {name: value for name, value in {**usual, **(headers or {})}.items() if value}
        connection.request(method, address, body, given)
        answer = connection.getresponse()
        return answer.status, dict(json.loads(answer.read()).get("error", {}))


def expected(number: int) -> dict[str, Any]:
    """Return what the table says of a case."""
    return dict(table()[number - 1])


@cache
def table() -> list[dict[str, Any]]:
    """Return the error cases by their number."""
    return list(json.loads(_TABLE.read_text(encoding="utf-8")))
