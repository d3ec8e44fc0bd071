"""Whether the key opens what the change is about: another account has none of these prices, and says nobody is on them.

https://docs.stripe.com/keys
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from billing_review.counting.failures import Stopped, is_of_other_mode
from billing_review.counting.reader import Reader
from billing_review.steps import Source

if TYPE_CHECKING:
    import stripe

_KEY = ("sk_", "rk_")


def is_live(client: stripe.StripeClient) -> bool | None:
    """The mode of a client's key; None where it does not say, as an organization's does not."""
    key = str(getattr(getattr(client, "_requestor", None), "api_key", None) or "")
    words = key.split("_", 2)
    return {"live": True, "test": False}.get(words[1]) if key.startswith(_KEY) and len(words) == 3 else None


def account_of(source: Source, reader: Reader, live: bool | None, prices: Iterable[str]) -> str | None:
    """The account that is asked, if the key may say so; raises Stopped where it is not the one of the change."""
    if None not in {source.livemode, live} and source.livemode != live:
        raise Stopped(other_mode(live=bool(source.livemode)))
    try:
        account = str(reader.get("Account", "/v1/account", {})["id"])
    except Stopped as stopped:
        if stopped.permission is None:
            raise
        _require_one_of(prices, source, reader, stopped)
        return source.account
    if source.account not in {None, account}:
        raise Stopped(
            f"the key opens {account}, and the change is about {source.account}; use a key of {source.account}"
        )
    return account


def _require_one_of(prices: Iterable[str], source: Source, reader: Reader, stopped: Stopped) -> None:
    """A key that may not name its account can show that it is the right one: ids are never given twice."""
    price = next(iter(prices), None)
    if source.account is None or price is None:
        return
    try:
        reader.get("Prices", f"/v1/prices/{price}", {})
    except Stopped as other:
        if is_of_other_mode(other.__cause__):
            raise Stopped(other_mode(live=bool(source.livemode))) from None
        text = f"nothing shows that the key opens {source.account}: {stopped.sentence}"
        raise Stopped(text, permission=stopped.permission) from None


def other_mode(*, live: bool) -> str:
    """A key or an object of one mode, a change of the other: `live` is the change's."""
    mine, wanted = ("test", "live") if live else ("live", "test")
    return f"the key is for {mine} mode, and the change is about {wanted} mode; use a key for {wanted} mode"
