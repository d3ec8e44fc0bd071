"""The page of a checkout session as values: everything that the template shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.checkout.choices import Filled
from stripe_emulator.pages.card_form import CardForm, banks, chooser
from stripe_emulator.pages.money import date, interval, money, price_text

Document = dict[str, Any]

_DAY = 86400
_SUBMIT = {"book": "Book", "donate": "Donate", "pay": "Pay", "subscribe": "Subscribe"}


@dataclass
class Entered:
    """What stands in the form."""

    email: str = ""
    name: str = ""
    card: CardForm = field(default_factory=CardForm)
    quantities: dict[int, int] = field(default_factory=dict)
    optional: dict[int, int] = field(default_factory=dict)
    code: str = ""
    """A promotion code that was applied."""
    typed: str = ""
    """A promotion code that stands in its field."""
    bank: str = ""
    """A test bank account that was chosen instead of a card."""
    shown: str = ""
    """The total that the customer saw when pressing the button."""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, Any]) -> Entered:
        """Read the form; numbers that are none are left out."""
        text = {name: str(form.get(name, "")).strip() for name in ("email", "name_on_card", "code", "promotion_code")}
        return cls(
            text["email"],
            text["name_on_card"],
            CardForm.of(form),
            _numbers(form, "quantity-"),
            _numbers(form, "optional-"),
            text["code"],
            text["promotion_code"],
            str(form.get("bank", "")),
            str(form.get("shown", "")),
        )

    def filled(self, payment_method: str = "") -> Filled:
        """Return the choices as the session takes them."""
        code = self.code or None
        return Filled(payment_method, self.email or None, self.quantities, self.optional, code)


def _numbers(form: Mapping[str, Any], prefix: str) -> dict[int, int]:
    named = {key.removeprefix(prefix): str(value) for key, value in form.items() if key.startswith(prefix)}
    return {int(at): int(value[:9]) for at, value in named.items() if at.isdecimal() and value.isdecimal()}


def view(call: Call, session: Document, draft: Document, entered: Entered) -> Document:
    """Return the context of the template: the session as it is, and as these choices would leave it."""
    currency, customer = session["currency"], call.store.peek("customer", session["customer"] or "") or {}
    return {
        "session": session,
        "title": _title(session),
        "lines": [_line(call, draft, index) for index in range(len(session["_lines"]))],
        "options": [_option(call, session, index, entered) for index in range(len(session["_optional"]))],
        "discount": _discount(draft),
        "subtotal": None if currency is None else money(draft["amount_subtotal"] or 0, currency),
        "total": None if session["mode"] == "setup" or currency is None else money(draft["amount_total"], currency),
        "trial": _trial(call, session),
        "email": session["customer_email"] or customer.get("email"),
        "needs_card": _needs_card(draft),
        "submit": _submit(draft),
        "entered": entered,
        "problems": {**entered.problems, **entered.card.problems},
        "cards": chooser(),
        "banks": banks() if "us_bank_account" in session["payment_method_types"] else [],
        "bank": next((one["label"] for one in banks() if one["name"] == entered.bank), None),
        "codes": bool(session["allow_promotion_codes"]),
        "fixed_code": bool(session["discounts"]),
    }


def _title(session: Document) -> str:
    return {"setup": "Save a card", "subscription": "Subscribe", "payment": "Pay"}[session["mode"]]


def _needs_card(draft: Document) -> bool:
    if draft["mode"] == "subscription" and not draft["amount_total"]:
        return bool(draft["payment_method_collection"] != "if_required")
    return draft["mode"] == "setup" or bool(draft["amount_total"])


def _submit(draft: Document) -> str:
    if draft["mode"] == "setup":
        return "Save card"
    if draft["mode"] == "subscription":
        return "Start trial" if draft["_trial"] else _SUBMIT.get(draft["submit_type"] or "", "Subscribe")
    return f"{_SUBMIT.get(draft['submit_type'] or '', 'Pay')} {money(draft['amount_total'], draft['currency'])}"


def _line(call: Call, draft: Document, index: int) -> Document:
    line = draft["_lines"][index]
    price = call.store.peek("price", line["price"]) or {}
    bounds = line["adjustable_quantity"]
    recurring = price.get("recurring") or {}
    later = draft["_trial"] and bool(recurring)
    return {
        "index": index,
        "name": line["description"],
        "price": price_text(price, line["currency"]),
        "quantity": line["quantity"],
        "amount": _amount(line, metered=line["quantity"] is None, later=later),
        "adjustable": bounds["enabled"],
        "minimum": bounds["minimum"],
        "maximum": bounds["maximum"],
    }


def _amount(line: Document, *, metered: bool, later: bool) -> str:
    if metered:
        return "by usage"
    return "free trial" if later else money(line["amount_subtotal"], line["currency"])


def _option(call: Call, session: Document, index: int, entered: Entered) -> Document:
    option = session["_optional"][index]
    price = call.store.peek("price", option["price"]) or {}
    product = call.store.peek("product", price.get("product", "")) or {"name": ""}
    bounds = option["adjustable_quantity"]
    return {
        "index": index,
        "name": product["name"],
        "price": price_text(price, session["currency"]),
        "quantity": option["quantity"],
        "chosen": entered.optional.get(index, 0),
        "adjustable": bounds["enabled"],
        "maximum": bounds["maximum"],
    }


def _discount(draft: Document) -> str | None:
    off = (draft["total_details"] or {}).get("amount_discount")
    return money(-off, draft["currency"]) if off else None


def _trial(call: Call, session: Document) -> str | None:
    """Write what comes after the trial."""
    if not session["_trial"]:
        return None
    data = session["_subscription_data"]
    days = data.get("trial_period_days") or (int(data["trial_end"]) - call.now) // _DAY
    end = data.get("trial_end") or call.now + days * _DAY
    text = f"{days} days free"
    recurring = [_then(call, line) for line in session["_lines"]]
    then = " and ".join(one for one in recurring if one)
    return f"{text}, then {then} from {date(end)}" if then else text


def _then(call: Call, line: Document) -> str | None:
    price = call.store.peek("price", line["price"]) or {}
    if not price.get("recurring"):
        return None
    times = f"{line['quantity']} × " if (line["quantity"] or 1) > 1 else ""
    return f"{times}{price_text(price, line['currency'])}"


def rhythm(call: Call, session: Document) -> str | None:
    """Write how often a subscription is paid, if all of it is paid equally often."""
    prices = [call.store.peek("price", line["price"]) or {} for line in session["_lines"]]
    found = {interval(one["recurring"]) for one in prices if one.get("recurring")}
    return f"per {found.pop()}" if len(found) == 1 else None
