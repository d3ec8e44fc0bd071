"""Is this manifest fit for use? Every fault at once, without repeating the values."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from billing_runtime._near import near_names
from billing_runtime.errors import ManifestInvalid, ManifestTooNew
from billing_runtime.manifest import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import Draft202012Validator, ValidationError

Json = dict[str, Any]
_PHRASES = {
    "type": "must be of type {}",
    "enum": "must be one of {}",
    "const": "must be {}",
    "pattern": "must match {}",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "maxLength": "must have at most {} characters",
}


def validate_manifest(data: Any, where: object) -> Json:
    """The same data, known to follow the JSON Schema and to point only at what it holds."""
    _refuse_newer(data, where)
    problems = sorted(_sentence(error) for error in _validator().iter_errors(data))
    if problems or not isinstance(data, dict):
        raise ManifestInvalid(where, problems)
    problems = sorted(_dangling(data))
    if problems:
        raise ManifestInvalid(where, problems)
    return data


def manifest_schema() -> Json:
    """The published JSON Schema of the manifest."""
    text = resources.files("billing_runtime").joinpath("manifest.schema.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(manifest_schema())


def _refuse_newer(data: object, where: object) -> None:
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise ManifestTooNew.of(where, version, VERSION)


def _sentence(error: ValidationError) -> str:
    place = ".".join(map(str, error.absolute_path)) or "the manifest"
    return f"{place} {_reason(error)}"


def _reason(error: ValidationError) -> str:
    """Jsonschema's own messages repeat the value, which may be anything, so they are not used."""
    rule, wanted = str(error.validator), error.validator_value
    if rule == "required":
        return f"lacks {error.message.split(' is a required')[0]}"
    phrase = _PHRASES.get(rule, "is not as the manifest's JSON Schema has it")
    return phrase.format(", ".join(map(str, wanted)) if isinstance(wanted, list) else wanted)


def _dangling(data: Json) -> Iterator[str]:
    """Names in the manifest that lead nowhere."""
    for key, plan in data["plans"].items():
        yield from _missing(f"plans.{key}.product", plan["product"], "product", data["products"])
        for price in plan["prices"]:
            yield from _missing(f"plans.{key}.prices", price, "price", data["prices"])
        yield from _limit_meters(f"plans.{key}", plan, data)
    for key, price in data["prices"].items():
        yield from _price_faults(f"prices.{key}", price, data)
    for key, alert in (data.get("alerts") or {}).items():
        yield from _missing(f"alerts.{key}.meter", alert["meter"], "meter", data["meters"])


def _price_faults(place: str, price: Json, data: Json) -> Iterator[str]:
    yield from _missing(f"{place}.product", price["product"], "product", data["products"])
    yield from _limit_meters(place, price, data)
    meter = price.get("meter")
    if meter is not None:
        yield from _missing(f"{place}.meter", meter, "meter", data["meters"])
    if price["type"] == "metered" and meter is None:
        yield f"{place}.meter must name a meter, since the price is metered"
    if price["type"] == "per_seat" and not price.get("seats"):
        yield f"{place}.seats must be given, since the price is per seat"


def _limit_meters(place: str, owner: Json, data: Json) -> Iterator[str]:
    for name, limit in (owner.get("limits") or {}).items():
        meter = limit.get("meter")
        if meter is not None:
            yield from _missing(f"{place}.limits.{name}.meter", meter, "meter", data["meters"])


def _missing(place: str, name: str, kind: str, known: Json) -> Iterator[str]:
    if name in known:
        return
    near = near_names(name, known)
    hint = f", did you mean {' or '.join(map(repr, near))}?" if near else ""
    yield f"{place} names the {kind} {name!r}, which is not there{hint}"
