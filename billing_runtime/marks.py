"""The marks that provisioning leaves in the metadata of Stripe prices, so that a price explains itself.

Customers stay on prices that the manifest no longer lists; what such a price is, the price itself says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast, get_args

from billing_runtime.catalog import PriceType, Seats
from billing_runtime.errors import MarksInvalid
from billing_runtime.limits.form import UnreadableError, limit_of_words, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime.catalog import Limit, Price
    from billing_runtime.manifest import Manifest

KEY, TYPE, METER, SEATS, TRIAL_DAYS = (
    "billing:key",
    "billing:type",
    "billing:meter",
    "billing:seats",
    "billing:trial_days",
)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What the names of limits and features begin with in the metadata of prices, one for each."""

    limits: str = "limits:"
    features: str = "features:"


#: What provisioning writes; other ones are read beside them.
OURS = Prefixes()


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


def granting_terms(manifest: Manifest, price: Json, prefixes: Prefixes = OURS) -> Terms | None:
    """What a subscriber's price grants: `terms_of`, or the limits and features of a price that another tool has made.

    Of those the type is told by the price itself, and the name is None. Raises MarksInvalid.
    """
    terms = terms_of(manifest, price)
    if terms is not None and not terms.replaced:
        return terms
    metadata = price.get("metadata") or {}
    limits, features = _granted(price["id"], metadata, prefixes, ours=terms is not None)
    if terms is not None:
        return replace(terms, limits=limits | dict(terms.limits), features=features | dict(terms.features))
    if not limits and not features:
        return None
    return Terms(None, price["id"], _told_type(price), limits=limits, features=features, replaced=True)


def read_marks(price_id: str, metadata: Mapping[str, str]) -> Terms | None:
    """The terms in the marks of a replaced price.

    The marks of ownership are not asked for: archiving a price gives them up, and the customer's being ours is enough.
    """
    if TYPE not in metadata:
        return None
    limits, features = _granted(price_id, metadata, OURS, ours=True)
    return Terms(
        key=metadata.get(KEY) or None,
        price_id=price_id,
        type=_type(price_id, metadata[TYPE]),
        seats=_seats(price_id, metadata.get(SEATS)),
        meter=metadata.get(METER),
        trial_days=_optional_count(price_id, TRIAL_DAYS, metadata.get(TRIAL_DAYS)),
        limits=limits,
        features=features,
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


def _granted(
    price_id: str, metadata: Mapping[str, str], prefixes: Prefixes, *, ours: bool
) -> tuple[dict[str, Limit], dict[str, str]]:
    """Limits and features under these prefixes; where ours name the same, ours hold."""
    limits = _starting({prefixes.limits, OURS.limits}, metadata)
    features = _starting({prefixes.features, OURS.features}, metadata)
    return {name: _limit(price_id, mark, metadata[mark], ours=ours) for name, mark in limits.items()}, {
        name: metadata[mark] for name, mark in features.items()
    }


def _starting(prefixes: set[str], metadata: Mapping[str, str]) -> dict[str, str]:
    """The marks that begin so, by what follows the prefix."""
    found: dict[str, str] = {}
    for prefix in sorted(prefixes, key=lambda one: one in {OURS.limits, OURS.features}):
        found |= {mark[len(prefix) :]: mark for mark in metadata if mark.startswith(prefix) and mark != prefix}
    return found


def _told_type(price: Json) -> PriceType:
    """What a price without our marks is, as far as it can be told: seats cannot."""
    recurring = price.get("recurring")
    if not recurring:
        return "one_time"
    return "metered" if recurring.get("usage_type") == "metered" else "flat"


def _type(price_id: str, text: str) -> PriceType:
    if text not in get_args(PriceType):
        raise MarksInvalid.of(price_id, TYPE, "names a type of price that this version does not know")
    return cast("PriceType", text)


def _seats(price_id: str, text: str | None) -> Seats | None:
    """For example `follow minimum=1 maximum=50`."""
    if text is None:
        return None
    try:
        mode, settings = _words(text)
    except UnreadableError as unreadable:
        raise MarksInvalid.of(price_id, SEATS, str(unreadable)) from None
    minimum = _optional_count(price_id, SEATS, settings.get("minimum"))
    return Seats(mode, max(1, minimum or 1), _optional_count(price_id, SEATS, settings.get("maximum")))


def _limit(price_id: str, mark: str, text: str, *, ours: bool) -> Limit:
    """For example `100000 overage=bill meter=ai-tokens`, or `unlimited`."""
    try:
        return limit_of_words(*_words(text))
    except UnreadableError as unreadable:
        raise MarksInvalid.of(price_id, mark, str(unreadable), ours=ours) from None


def _words(text: str) -> tuple[str, dict[str, str]]:
    """The first word and the key=value words after it; keys of a later version are carried along unread."""
    first, *rest = text.split(" ")
    pairs = [word.partition("=") for word in rest if word]
    if not first or any(not separator for _, separator, _ in pairs):
        message = "is not a word followed by key=value words"
        raise UnreadableError(message)
    return first, {key: value for key, _, value in pairs}


def _optional_count(price_id: str, mark: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return whole(text)
    except UnreadableError as unreadable:
        raise MarksInvalid.of(price_id, mark, str(unreadable)) from None
