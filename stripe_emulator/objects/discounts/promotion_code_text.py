"""The text of a promotion code: what may be typed, and who else may have it."""

from __future__ import annotations

import re
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import discounts as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.discounts.promotion_code_record import is_active

Document = dict[str, Any]

_CODE = re.compile(r"[a-zA-Z0-9\-_]+")


def code_of(call: Call, kind: Kind) -> str:
    """Return the chosen text, or a new one."""
    chosen = call.params.get("code")
    if chosen is None:
        return call.new_code(kind)
    if not _CODE.fullmatch(chosen):
        raise errors.bad_code(chosen)
    return str(chosen)


def refuse_taken(call: Call, code: Document) -> None:
    """Refuse a text that an active code has already for the same customer, or for all."""
    for other in call.store.all("promotion_code"):
        if other["code"].lower() == code["code"].lower() and _meet(other, code) and is_active(call, other):
            raise errors.code_taken(code["code"])


def _meet(one: Document, other: Document) -> bool:
    return one["customer"] is None or other["customer"] is None or one["customer"] == other["customer"]
