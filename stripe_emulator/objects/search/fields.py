"""What can be searched for in which object, and how. https://docs.stripe.com/search#supported-query-fields-for-each-resource."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from stripe_emulator.errors import search as errors
from stripe_emulator.objects.search.language import Clause, Query
from stripe_emulator.table import Table, as_word, word

Document = dict[str, Any]

_SHORTEST = 3  # characters of a part of a string
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_COMPARE = {
    ">": lambda mine, asked: mine > asked,
    ">=": lambda mine, asked: mine >= asked,
    "<": lambda mine, asked: mine < asked,
    "<=": lambda mine, asked: mine <= asked,
    ":": lambda mine, asked: mine == asked,
}

# The kind of each field: a number is compared, a string has parts, a token is whole or not.
FIELDS: dict[str, dict[str, str]] = {
    "charges": {
        "amount": "number", "billing_details.address.postal_code": "token", "created": "number", "currency": "token",
        "customer": "token", "disputed": "token", "refunded": "token", "status": "token",
        "payment_method_details.card.brand": "token", "payment_method_details.card.exp_month": "number",
        "payment_method_details.card.exp_year": "number", "payment_method_details.card.fingerprint": "token",
        "payment_method_details.card.last4": "token",
    },
    "customers": {"created": "number", "email": "string", "name": "string", "phone": "string"},
    "invoices": {
        "created": "number", "currency": "token", "customer": "token", "last_finalization_error_code": "token",
        "last_finalization_error_type": "token", "number": "string", "receipt_number": "string", "status": "string",
        "subscription": "string", "total": "number",
    },
    "payment_intents": {
        "amount": "number", "created": "number", "currency": "token", "customer": "token", "status": "token",
    },
    "prices": {
        "active": "token", "created": "number", "currency": "token", "lookup_key": "string", "product": "string",
        "type": "token",
    },
    "products": {
        "active": "token", "created": "number", "description": "string", "name": "string", "shippable": "token",
        "url": "string",
    },
    "subscriptions": {"canceled_at": "number", "created": "number", "status": "string"},
}  # fmt: skip
# Where a field stands, if not under its own name.
_PLACES = {
    "last_finalization_error_code": "last_finalization_error.code",
    "last_finalization_error_type": "last_finalization_error.type",
    "subscription": "parent.subscription_details.subscription",
}


def check(resource: str, query: Query) -> None:
    """Answer 400 where a clause asks for what cannot be asked."""
    for clause in query.clauses:
        if clause.field == "metadata":
            _check_metadata(clause)
        elif clause.field not in FIELDS[resource] or clause.key is not None:
            raise errors.unsupported_field(clause.field, resource)
        else:
            _check(clause, FIELDS[resource][clause.field])


def fits(resource: str, query: Query, document: Document) -> bool:
    """Say whether an object is what is searched for."""
    found = (_holds(clause, resource, document) is not clause.is_negated for clause in query.clauses)
    return any(found) if query.is_any else all(found)


def found_by_index(resource: str, query: Query, rows: Table) -> set[str] | None:
    """Return the ids among which everything is that is searched for, if an index says so."""
    if query.is_any and len(query.clauses) > 1:
        return None
    for clause in sorted(query.clauses, key=lambda one: one.operator == "~"):
        is_word = clause.field == "metadata" or FIELDS[resource].get(clause.field) in ("token", "string")
        if is_word and clause.value is not None and not clause.is_negated:
            find = rows.with_part if clause.operator == "~" else rows.with_value
            return find(word(*_path(clause)), clause.value.lower())
    return None


def _check_metadata(clause: Clause) -> None:
    if clause.key is None:
        raise errors.not_parsed()
    _check(clause, "token", f'metadata["{clause.key}"]')


def _check(clause: Clause, kind: str, name: str | None = None) -> None:
    field = name or clause.field
    if clause.operator == "~":
        if kind != "string":
            raise errors.unsupported_operator("~", field)
        if len(clause.value or "") < _SHORTEST:
            raise errors.too_short(_SHORTEST)
    elif clause.operator != ":" and kind != "number":
        raise errors.unsupported_operator(clause.operator, field)
    if kind == "number" and clause.value is not None and not _NUMBER.fullmatch(clause.value):
        raise errors.not_a_number(field, clause.value)


def _holds(clause: Clause, resource: str, document: Document) -> bool:
    value = _value(clause, document)
    if clause.value is None or value is None:
        return value is None and clause.value is None
    if clause.field != "metadata" and FIELDS[resource][clause.field] == "number":
        return bool(_COMPARE[clause.operator](Decimal(str(value)), Decimal(clause.value)))
    mine, asked = as_word(value) or "", clause.value.lower()
    return asked in mine if clause.operator == "~" else asked == mine


def _value(clause: Clause, document: Document) -> Any:
    value: Any = document
    for name in _path(clause):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _path(clause: Clause) -> list[str]:
    if clause.key is not None:
        return ["metadata", clause.key]
    return _PLACES.get(clause.field, clause.field).split(".")
