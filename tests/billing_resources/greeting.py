"""Somebody else's dynamic resource: a provider that our host loads from its pickled form."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)


class GreetingProvider(ResourceProvider):
    """Greets in the language of the stack's configuration."""

    serialize_as_secret_always = False
    hello = ""

    def configure(self, req: ConfigureRequest) -> None:
        """Read the greeting."""
        self.hello = req.config.require("greeting:hello")

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """A name is needed; numbers arrive as floats, as on the stock host."""
        missing = [CheckFailure("name", "is missing")] if not news.get("name") else []
        return CheckResult({**news, "size": news.get("size", 1)}, missing)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Another name is another greeting."""
        return DiffResult(changes=olds["name"] != news["name"] or None, replaces=["name"], delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Greet."""
        if props["name"] == "nobody":
            message = "there is nobody to greet"
            raise ValueError(message)
        return CreateResult(f"greeting-{props['name']}", {**props, "text": f"{self.hello} {props['name']}"})

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Greet again."""
        return UpdateResult({**news, "text": f"{self.hello} again"})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Say what was said; one that was forgotten is gone."""
        return ReadResult("" if props.get("forgotten") else id_, {**props, "text": "read"})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Nothing stays."""
