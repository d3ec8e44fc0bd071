"""The forms of the portal, read into what its actions take."""

from __future__ import annotations

from typing import Any

from stripe_emulator.pages.card_form import CardForm

Document = dict[str, Any]

_TEXTS = ("subscription", "price", "promotion_code", "feedback", "comment", "payment_method", "invoice", "outcome")
_NUMBERS = ("quantity", "duration")
_DATA = ("name", "email", "phone")


def given(action: str, form: dict[str, str]) -> Document:
    """Return what an action takes; what was left empty was not said, except in the customer's own data."""
    if action == "update_customer":
        return _data(form)
    if action == "add_payment_method":
        return {"card": CardForm.of(form).params(), "name": form.get("name_on_card") or None}
    texts: Document = {name: form[name] for name in _TEXTS if form.get(name)}
    numbers = {name: int(form[name][:9]) for name in _NUMBERS if form.get(name, "").isdecimal()}
    return {**texts, **numbers}


def _data(form: dict[str, str]) -> Document:
    plain: Document = {name: form[name] or None for name in _DATA if name in form}
    lines = {key.removeprefix("address-"): value or None for key, value in form.items() if key.startswith("address-")}
    return {**plain, **({"address": lines} if lines else {})}
