"""A visitor without a browser: follows links of our own, fills in forms, presses buttons by what stands on them."""

from __future__ import annotations

import http.client
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

_VOID = ("input", "meta", "link", "br", "hr", "img")


@dataclass
class Form:
    """One form: where it leads, what stands in it, and its buttons."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._select: tuple[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and self.forms and "name" in given:
            self._input(given)
        elif tag == "select":
            self._select = (given["name"], None)
        elif tag == "option" and self._select and ("selected" in given or self._select[1] is None):
            self._select = (self._select[0], given["value"])
        if tag not in _VOID:
            self._open.append((tag, given, len(self.text)))

    def _input(self, given: dict[str, str]) -> None:
        if given.get("type") not in ("checkbox", "radio") or "checked" in given:
            self.forms[-1].fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, given, start = self._open.pop()
            if name == tag:
                self._closed(tag, given, " ".join(" ".join(self.text[start:]).split()))
                return

    def _closed(self, tag: str, given: dict[str, str], text: str) -> None:
        if tag == "a":
            self.links.append((text, given.get("href", "")))
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.append((given.get("aria-label") or text, given))
        elif tag == "select" and self._select:
            self.forms[-1].fields.append((self._select[0], self._select[1] or ""))
            self._select = None
        elif tag == "textarea" and self.forms:
            self.forms[-1].fields.append((given["name"], text))

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1][0] not in ("title", "style", "script"):
            self.text.append(data)


class Visitor:
    """One person in front of one page."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status = 0
        self.headers: dict[str, str] = {}
        self.html = ""
        self.read = _Reader()
        self.go(url)

    @property
    def text(self) -> str:
        """What can be read, with single spaces."""
        return " ".join(" ".join(self.read.text).split())

    def go(self, url: str) -> None:
        """Go to an address."""
        self._ask("GET", urljoin(self.url, url))

    def click(self, text: str) -> None:
        """Follow the first link with this text."""
        self.go(next(href for shown, href in self.read.links if shown == text))

    def buttons(self) -> list[str]:
        """What stands on the buttons."""
        return [text for form in self.read.forms for text, given in form.buttons if given.get("tabindex") != "-1"]

    def press(self, button: str, /, **fields: Any) -> None:
        """Fill in fields of the form that has this button, and press it; a field is named with _ for -."""
        form, pressed = next(
            (form, given) for form in self.read.forms for text, given in form.buttons if text == button
        )
        changed = {name.replace("__", "-"): str(value) for name, value in fields.items()}
        data = {**dict(form.fields), **changed}
        if "name" in pressed:
            data[pressed["name"]] = pressed.get("value", "")
        self._ask("POST", urljoin(self.url, form.action), urlencode(data))

    def _ask(self, method: str, url: str, body: str | None = None, **headers: str) -> None:
        address = urlsplit(url)
        with closing(http.client.HTTPConnection(address.hostname or "", address.port)) as connection:
            path = address.path + (f"?{address.query}" if address.query else "")
            sent = {"Content-Type": "application/x-www-form-urlencoded", **headers} if body is not None else headers
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            text = response.read().decode()
        self.status, self.headers = response.status, dict(response.getheaders())
        location = self.headers.get("Location")
        if location is not None and urlsplit(urljoin(url, location)).netloc == address.netloc:
            self._ask("GET", urljoin(url, location))
            return
        self.url = urljoin(url, location) if location else url
        self.html, self.read = text, _Reader()
        self.read.feed(text)
