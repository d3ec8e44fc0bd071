"""The marks that provisioning leaves in the metadata of Stripe prices, so that a price explains itself.

Customers stay on prices that the manifest no longer lists; what such a price is, the price itself says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from billing_runtime.catalog import Limit, PriceType, Seats
from billing_runtime.errors import MarksInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime.catalog import Price
    from billing_runtime.manifest import Manifest

KEY, TYPE, METER, SEATS, TRIAL_DAYS = (
    "billing:key",
    "billing:type",
    "billing:meter",
    "billing:seats",
    "billing:trial_days",
)
Json = dict[str, Any]
_LIMITS, _FEATURES = "limits:", "features:"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a subscriber's own price grants, which may differ from what the catalog sells today.

    `key` is its name in the manifest; None for a replaced price that gave its name up and could be any of several.
    """

    key: str | None
    price_id: str
    type: PriceType
    seats: Seats | None = None
    meter: str | None = None
    trial_days: int | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    replaced: bool = False


def terms_of(manifest: Manifest, price: Json) -> Terms | None:
    """The terms of a Stripe price, from the manifest or else from its marks; None for a price that is not ours."""
    known = manifest.price_with_id(price["id"])
    if known is not None:
        return _sold(known, price["id"])
    terms = read_marks(price["id"], price.get("metadata") or {})
    return None if terms is None else _named(manifest, price, terms)


def read_marks(price_id: str, metadata: Mapping[str, str]) -> Terms | None:
    """The terms in the marks of a replaced price.

    The marks of ownership are not asked for: archiving a price gives them up, and the customer's being ours is enough.
    """
    if TYPE not in metadata:
        return None
    return Terms(
        key=metadata.get(KEY) or None,
        price_id=price_id,
        type=_type(price_id, metadata[TYPE]),
        seats=_seats(price_id, metadata.get(SEATS)),
        meter=metadata.get(METER),
        trial_days=_optional_count(price_id, TRIAL_DAYS, metadata.get(TRIAL_DAYS)),
        limits={mark[len(_LIMITS) :]: _limit(price_id, mark, text) for mark, text in _starting(_LIMITS, metadata)},
        features={mark[len(_FEATURES) :]: text for mark, text in _starting(_FEATURES, metadata)},
        replaced=True,
    )


def _sold(price: Price, price_id: str) -> Terms:
    return Terms(
        price.key, price_id, price.type, price.seats, price.meter, price.trial_days, price.limits, price.features
    )


def _named(manifest: Manifest, price: Json, terms: Terms) -> Terms:
    """The terms under the manifest's names: its key for the price, if it can only be one, and for the meter."""
    meter = manifest.meter_with_event(terms.meter) or terms.meter if terms.meter else None
    return replace(terms, key=terms.key or _only_successor(manifest, price, terms.type), meter=meter)


def _only_successor(manifest: Manifest, price: Json, kind: PriceType) -> str | None:
    """The one price of the same product, type and interval that is sold today."""
    interval = (price.get("recurring") or {}).get("interval")
    alike = [
        sold.key
        for sold in manifest.prices.values()
        if (manifest.products[sold.product].id, sold.type, sold.interval) == (price.get("product"), kind, interval)
    ]
    return alike[0] if len(alike) == 1 else None


def _starting(prefix: str, metadata: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(mark, text) for mark, text in metadata.items() if mark.startswith(prefix)]


def _type(price_id: str, text: str) -> PriceType:
    if text not in get_args(PriceType):
        raise MarksInvalid.of(price_id, TYPE, "names a type of price that this version does not know")
    return cast("PriceType", text)


def _seats(price_id: str, text: str | None) -> Seats | None:
    """For example `follow minimum=1 maximum=50`."""
    if text is None:
        return None
    mode, settings = _words(price_id, SEATS, text)
    minimum = _optional_count(price_id, SEATS, settings.get("minimum"))
    return Seats(mode, max(1, minimum or 1), _optional_count(price_id, SEATS, settings.get("maximum")))


def _limit(price_id: str, mark: str, text: str) -> Limit:
    """For example `100000 overage=bill meter=ai-tokens`, or `unlimited`."""
    amount, settings = _words(price_id, mark, text)
    included: int | Literal["unlimited"] = "unlimited" if amount == "unlimited" else _count(price_id, mark, amount)
    return Limit(included, settings.get("per", "period"), settings.get("overage", "block"), settings.get("meter"))


def _words(price_id: str, mark: str, text: str) -> tuple[str, dict[str, str]]:
    """The first word and the key=value words after it; keys of a later version are carried along unread."""
    first, *rest = text.split(" ")
    pairs = [word.partition("=") for word in rest if word]
    if not first or any(not separator for _, separator, _ in pairs):
        raise MarksInvalid.of(price_id, mark, "is not a word followed by key=value words")
    return first, {key: value for key, _, value in pairs}


def _optional_count(price_id: str, mark: str, text: str | None) -> int | None:
    return None if text is None else _count(price_id, mark, text)


def _count(price_id: str, mark: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise MarksInvalid.of(price_id, mark, "holds no whole number where one must stand")
    return int(text)
