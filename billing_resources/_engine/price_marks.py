"""The marks of a price: its type, trial, seats, limits and features, as text in its metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
NEWER_DEFAULTS = {"rollover": None, "carry": "carry", "thresholds": None}
"""Parts that are told only where they say something, so that a manifest without them stays what it was."""
_WHOLE = re.compile(r"[0-9]+")


def price_type(args: Mapping[str, Any]) -> str:
    """``one_time``, ``metered``, ``per_seat`` or ``flat``: what the runtime asks first about a price."""
    recurring = args.get("recurring")
    if recurring is None:
        return "one_time"
    if not is_deferred(recurring) and recurring.get("meter") is not None:
        return "metered"
    return "per_seat" if args.get("seats") is not None else "flat"


def whole_limit(limit: Any) -> dict[str, Any]:
    """A limit with its parts spelled out: ``{"included", "per", "overage", "meter"}``, and the newer ones it says."""
    said = {name: part for name, part in limit.items() if name not in NEWER_DEFAULTS or part != NEWER_DEFAULTS[name]}
    return {**LIMIT_DEFAULTS, **said}


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
    """One limit as a mark's value: ``1000``, or ``5000 meter=ai-tokens rollover=2000/3 thresholds=80,100``."""
    defaults = LIMIT_DEFAULTS | NEWER_DEFAULTS
    parts = {name: limit.get(name) for name, default in defaults.items() if limit.get(name) != default}
    rollover, thresholds = parts.get("rollover"), parts.get("thresholds")
    if rollover is not None:
        parts["rollover"] = f"{rollover['max']}/{rollover['periods']}"
    if thresholds is not None:
        parts["thresholds"] = ",".join(map(str, thresholds))
    return words(str(limit["included"]), parts)


def _write_limits(args: Mapping[str, Any]) -> dict[str, str]:
    return {f"{LIMITS}{name}": limit_words(limit) for name, limit in (args.get("limits") or {}).items()}


def _read_limits(metadata: Mapping[str, str]) -> dict[str, Any] | None:
    return {key.removeprefix(LIMITS): _limit(text) for key, text in metadata.items() if key.startswith(LIMITS)} or None


def _limit(text: str) -> dict[str, Any]:
    """What cannot be read stays the text it is, and so shows as drift."""
    first, parts = parsed(text)
    return {"included": _number(first)} | {name: _PARTS.get(name, str)(part) for name, part in parts.items()}


def _number(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _rollover(text: str) -> dict[str, int | str] | str:
    most, slash, periods = text.partition("/")
    return {"max": _number(most), "periods": _number(periods)} if slash else text


def _thresholds(text: str) -> list[int | str]:
    return [_number(one) for one in text.split(",")]


_PARTS: Mapping[str, Callable[[str], Any]] = {"rollover": _rollover, "thresholds": _thresholds}


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
