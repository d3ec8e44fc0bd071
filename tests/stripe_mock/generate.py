"""Write exclusions.json: what the installed stripe package has and stripe-mock's specification lacks.

`python -m tests.stripe_mock.generate [--check]`. The source of each entry is the class of stripe.params beside it, and
Stripe's announcement where it is known. `optional` is what had to be sent, `unknown` a whole operation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import stripe

from script.generate_parameters import OPERATIONS, fields_of, params_class
from tests.stripe_mock import schema
from tests.stripe_mock.exclusions import FILE
from tests.stripe_mock.installed import MISSING, VERSION, is_installed
from tests.stripe_mock.schema import Schema, schema_of

# Where Stripe announced it: for what this project sends, the page of its changelog.
_CHANGELOG = "https://docs.stripe.com/changelog"
ANNOUNCED: dict[str, dict[str, str]] = {
    "POST /v1/billing/credit_grants": {"category": f"{_CHANGELOG}/clover/2025-10-29/credit-grant-optional-category"},
    "POST /v1/subscriptions/{subscription_exposed_id}": {
        "billing_cycle_anchor[type]": f"{_CHANGELOG}/endive/2026-09-30/polymorphic-billing-cycle-anchor",
    },
    "POST /v1/billing_portal/configurations": {
        "features[subscription_update][billing_cycle_anchor]": (
            f"{_CHANGELOG}/clover/2025-12-15/customer-portal-billing-cycle-anchor"
        ),
    },
}

Node = dict[str, Any]
Finding = tuple[str, str, str]  # list it belongs to, name, word


def main(arguments: list[str]) -> int:
    """Write the file, or with --check say whether it is what would be written."""
    if not is_installed():
        sys.stdout.write(f"{FILE.name}: skipped: {MISSING}\n")
        return 0
    text = render()
    if "--check" not in arguments:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.read_text(encoding="utf-8") == text:
        return 0
    sys.stdout.write(f"{FILE.name} is out of date: run .venv/bin/python -m tests.stripe_mock.generate\n")
    return 1


def render() -> str:
    """Every operation the emulator has, with what is newer in it."""
    document = {
        "judge": f"stripe-mock {VERSION}, whose specification is of {schema.version()}",
        "compared": f"stripe {stripe.VERSION} (stripe-python), whose API version is {stripe.api_version}",
        "operations": {name: entry for name, path in OPERATIONS.items() if (entry := _entry(name, path))},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _entry(operation: str, path: str) -> Node | None:
    known = schema_of(operation)
    source = f"stripe.params.{path}"
    if known is None:
        return {"source": source, "unknown": True}
    entry: Node = {}
    for kind, name, word in sorted(
        set(_differences({"type": "object", "fields": fields_of(params_class(path))}, known, ""))
    ):
        if kind == "words":
            entry.setdefault(kind, {}).setdefault(name, []).append(word)
        else:
            entry.setdefault(kind, []).append(name)
    if announced := ANNOUNCED.get(operation):
        entry["announced"] = announced
    return {"source": source, **entry} if entry else None


def _differences(node: Node, known: Schema, name: str) -> Iterator[Finding]:
    """Walk the package's parameters and the specification side by side."""
    for choice in node.get("any_of", ()):
        yield from _differences(choice, known, name)
    if "items" in node:
        yield from _below(node["items"], known.below(""), f"{name}[]")
    if known.words:
        yield from (("words", name, word) for word in node.get("enum", ()) if word not in known.words)
    if node["type"] == "object":
        yield from _fields(node["fields"], known, name)


def _fields(fields: dict[str, Node], known: Schema, name: str) -> Iterator[Finding]:
    for field, node in fields.items():
        yield from _below(node, known.below(field), f"{name}[{field}]" if name else field)
    for required in known.required:
        if not fields.get(required, {}).get("required"):
            yield "optional", f"{name}[{required}]" if name else required, ""


def _below(node: Node, known: Schema, name: str) -> Iterator[Finding]:
    if known:
        yield from _differences(node, known, name)
    else:
        yield "parameters", name, ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
