"""Where a checkout session leads: each way to show the page has addresses of its own.

https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-ui_mode
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors import parameters
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.ids import random_id

Document = dict[str, Any]

_HOSTED = "hosted_page"
_EMBEDDED = ("embedded_page", "elements")
_OF_HOSTED = ("cancel_url", "success_url")


def addresses(call: Call, identifier: str) -> Document:
    """Return what the session shows of its addresses, or refuse those of another way."""
    mode = call.params.get("ui_mode", _HOSTED)
    if mode == _HOSTED:
        _refuse_unfit_hosted(call)
    elif mode in _EMBEDDED:
        _refuse_unfit_embedded(call, mode)
    else:
        raise not_emulated(f"ui_mode={mode}")
    for name in (*_OF_HOSTED, "return_url"):
        _refuse_bad_url(name, call.params.get(name))
    hosted = mode == _HOSTED
    return {
        "cancel_url": call.params.get("cancel_url"),
        "client_secret": None if hosted else random_id(f"{identifier}_secret", 32),
        "redirect_on_completion": call.params.get("redirect_on_completion", "always") if not hosted else None,
        "return_url": call.params.get("return_url"),
        "success_url": call.params.get("success_url"),
        "ui_mode": mode,
        "url": call.hosted.url("checkout", f"/c/pay/{identifier}") if hosted else None,
    }


def _refuse_unfit_hosted(call: Call) -> None:
    if "success_url" not in call.params:
        raise parameters.missing("success_url")
    wrong = [name for name in ("redirect_on_completion", "return_url") if name in call.params]
    if wrong:
        raise errors.not_in_ui_mode(wrong, _HOSTED)


def _refuse_unfit_embedded(call: Call, mode: str) -> None:
    wrong = [name for name in _OF_HOSTED if name in call.params]
    if wrong:
        raise errors.not_in_ui_mode(wrong, mode)
    never = call.params.get("redirect_on_completion") == "never"
    if never and "return_url" in call.params:
        raise errors.no_return()
    if not never and "return_url" not in call.params:
        raise parameters.missing("return_url")


def _refuse_bad_url(name: str, url: str | None) -> None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise errors.bad_url(name)
