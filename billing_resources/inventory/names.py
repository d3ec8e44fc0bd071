"""Names for what was found: the resource names and catalog keys that people would give."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from billing_resources.catalog.names import is_key, price_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_resources.inventory.account import Found

_LONGEST = 48
_RHYTHMS = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly", "": "once"}
Names = dict[tuple[str, str], str]
"""Kind and id -> name."""
_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "Alert": lambda args: args["title"],
    "Coupon": lambda args: args.get("name") or "coupon",
    "EventDestination": lambda args: args["name"],
    "Feature": lambda args: args["lookup_key"],
    "Meter": lambda args: args["event_name"],
    "PortalConfiguration": lambda args: args.get("name") or "portal",
    "Product": lambda args: args["name"],
    "PromotionCode": lambda args: args.get("code") or "code",
    "TaxRate": lambda args: args["display_name"],
    "WebhookEndpoint": lambda args: urlsplit(args["url"]).hostname or "endpoint",
}


def words_of(kind: str, args: Mapping[str, Any]) -> str:
    """What an object of the kind would be called, for kinds that are not named after others."""
    return _WORDS[kind](args)


def names_of(found: Iterable[Found], stack: str, known: Names | None = None) -> Names:
    """A name for each: the one that the stack gave it once, or words of its own; no two of a kind have the same.

    ``known`` has the stack's names for what carries no marks: kind and words -> name.
    """
    names: Names = {}
    taken: set[tuple[str, str]] = set()
    for one in sorted(found, key=lambda one: (_late(one), one.owner is None)):
        names[one.kind.name, one.id] = name = _unique(_name(one, names, stack, known or {}), one.kind.name, taken)
        taken.add((one.kind.name, name))
    return names


def _late(one: Found) -> bool:
    """Whether it is named after others; what has a name of this stack comes before what gets one."""
    return one.kind.name in {"Price", "ProductFeature"}


def _name(one: Found, names: Names, stack: str, known: Names) -> str:
    mine = one.owner.key if one.owner is not None and one.owner.stack == stack else ""
    if one.kind.name == "ProductFeature":
        return price_name(
            _of(names, "Product", one.args["product"]), _of(names, "Feature", one.args["entitlement_feature"])
        )
    if one.kind.name == "Price":
        owner = _of(names, "Product", one.args["product"])
        return mine if _fits(mine, owner) else price_name(owner, _price_word(one.args, owner))
    words = words_of(one.kind.name, one.args)
    return mine if is_key(mine) else known.get((one.kind.name, words), slug(words))


def _of(names: Names, kind: str, object_id: str) -> str:
    return names.get((kind, object_id), slug(object_id))


def _fits(mine: str, owner: str) -> bool:
    product, _, own = mine.partition(".")
    return product == owner and is_key(own)


def _price_word(args: Mapping[str, Any], owner: str) -> str:
    said = args.get("lookup_key") or args.get("nickname")
    if said:
        return _without(slug(str(said)), owner)
    return _RHYTHMS[(args.get("recurring") or {}).get("interval", "")]


def _without(word: str, owner: str) -> str:
    """Leave the product's name out: team_monthly of team is monthly."""
    rest = next((word[len(start) :] for start in (owner, owner.replace("-", "_")) if word.startswith(start)), word)
    return slug(rest) if rest.strip("-_") else word


def slug(text: str) -> str:
    """Letters, digits and joints, beginning with a letter: Team Plan! is team-plan."""
    word = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:_LONGEST].strip("-_")
    return word if re.match(r"[a-z]", word) else f"x-{word}".rstrip("-")


def _unique(name: str, kind: str, taken: set[tuple[str, str]]) -> str:
    number, candidate = 1, name
    while (kind, candidate) in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate
