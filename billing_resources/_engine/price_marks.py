"""The marks of a price: its type, trial, seats, limits and features, as text in its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billing_resources._engine.facts import is_deferred
from billing_resources._engine.marks import Mark, parsed, words

TYPE = "billing:type"
METER = "billing:meter"
TRIAL_DAYS = "billing:trial_days"
SEATS = "billing:seats"
LIMITS = "limits:"
FEATURES = "features:"
LIMIT_DEFAULTS = {"per": "period", "overage": "block", "meter": None}


def price_type(args: Mapping[str, Any]) -> str:
    """``one_time``, ``metered``, ``per_seat`` or ``flat``: what the runtime asks first about a price."""
    recurring = args.get("recurring")
    if recurring is None:
        return "one_time"
    if not is_deferred(recurring) and recurring.get("meter") is not None:
        return "metered"
    return "per_seat" if args.get("seats") is not None else "flat"


def whole_limit(limit: Any) -> dict[str, Any]:
    """A limit with every part spelled out: ``{"included", "per", "overage", "meter"}``."""
    return {**LIMIT_DEFAULTS, **limit}


def _write_trial(args: Mapping[str, Any]) -> dict[str, str]:
    days = args.get("trial_days")
    return {} if days is None else {TRIAL_DAYS: str(days)}


def _read_trial(metadata: Mapping[str, str]) -> int | None:
    text = metadata.get(TRIAL_DAYS, "")
    return int(text) if text.isdigit() else None


def _write_seats(args: Mapping[str, Any]) -> dict[str, str]:
    seats = args.get("seats")
    if seats is None:
        return {}
    bounds = {"minimum": seats.get("minimum", 1), "maximum": seats.get("maximum")}
    return {SEATS: words(seats["mode"], bounds)}


def _read_seats(metadata: Mapping[str, str]) -> dict[str, Any] | None:
    if SEATS not in metadata:
        return None
    mode, bounds = parsed(metadata[SEATS])
    return {"mode": mode} | {name: int(value) for name, value in bounds.items() if value.isdigit()}


def limit_words(limit: Mapping[str, Any]) -> str:
    """One limit as a mark's value: ``1000``, or ``100000 overage=bill meter=ai-tokens``."""
    parts = {name: limit.get(name) for name, default in LIMIT_DEFAULTS.items() if limit.get(name) != default}
    return words(str(limit["included"]), parts)


def _write_limits(args: Mapping[str, Any]) -> dict[str, str]:
    return {f"{LIMITS}{name}": limit_words(limit) for name, limit in (args.get("limits") or {}).items()}


def _read_limits(metadata: Mapping[str, str]) -> dict[str, Any] | None:
    limits = {key.removeprefix(LIMITS): parsed(text) for key, text in metadata.items() if key.startswith(LIMITS)}
    if not limits:
        return None
    return {name: {"included": _included(first), **rest} for name, (first, rest) in limits.items()}


def _included(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _write_features(args: Mapping[str, Any]) -> dict[str, str]:
    return {f"{FEATURES}{name}": value for name, value in (args.get("features") or {}).items()}


def _read_features(metadata: Mapping[str, str]) -> dict[str, str] | None:
    return {key.removeprefix(FEATURES): value for key, value in metadata.items() if key.startswith(FEATURES)} or None


PRICE_MARKS = (
    Mark("", lambda args: {TYPE: price_type(args)}, lambda _: None),
    Mark("trial_days", _write_trial, _read_trial),
    Mark("seats", _write_seats, _read_seats),
    Mark("limits", _write_limits, _read_limits),
    Mark("features", _write_features, _read_features),
)
"""Every mark of a price; ``billing:type`` belongs to no field, it follows from the others."""
