"""What is included in a plan or a price: limits and features, as the runtime holds customers to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from billing_review.telling.fields import Field, Scene
from billing_review.telling.words import joined, number, quoted, said

_WINDOWS = {
    "period": "a billing period",
    "month": "a month",
    "day": "a day",
    "hour": "an hour",
    "lifetime": "in all",
}
_BEYOND = {"block": "then refused", "allow": "then let through", "bill": "then billed"}
_OF_NOTHING = {"block": "none", "allow": "none, but let through", "bill": "none included (all billed)"}


_CHANGES = {"reset": "starts anew with a change of plan", "prorate": "each plan gives its share of the window"}


def _limit(value: Any, scene: Scene) -> str:
    """``50 in all (then refused), told at 80 %``."""
    limit = value if isinstance(value, Mapping) else {"included": value}
    return ", ".join([_amount(limit, scene), *_newer(limit)])


def _amount(limit: Mapping[str, Any], scene: Scene) -> str:
    included, beyond = limit.get("included"), str(limit.get("overage") or "block")
    if included == "unlimited":
        return "unlimited"
    if included == 0:
        return _OF_NOTHING.get(beyond, f"none (then {beyond})")
    window = str(limit.get("per") or "period")
    amount = _count(included)
    meter = f" as {scene.book.name('Meter', limit['meter'])}" if limit.get("meter") else ""
    return f"{amount} {_WINDOWS.get(window, window)} ({_BEYOND.get(beyond, beyond)}{meter})"


def _newer(limit: Mapping[str, Any]) -> Iterator[str]:
    """What happens to what is left, with a change of plan, and on the way to the limit."""
    rollover, carry, thresholds = (limit.get(name) for name in ("rollover", "carry", "thresholds"))
    if isinstance(rollover, Mapping):
        most, periods = rollover.get("max"), rollover.get("periods")
        units = "what is left" if most == "unlimited" else f"up to {_count(most)} that are left"
        yield f"{units} may be used for {_count(periods)} more {'window' if periods == 1 else 'windows'}"
    elif rollover is not None:
        yield f"rollover {said(rollover)}"
    if carry not in {None, "carry"}:
        yield _CHANGES.get(str(carry), f"carry {said(carry)}")
    if isinstance(thresholds, Sequence) and not isinstance(thresholds, str):
        yield f"told at {joined(f'{_count(one)} %' for one in thresholds)}"


def _count(value: Any) -> str:
    return number(value) if isinstance(value, int | float) else said(value)


def _limit_said(label: str, old: str | None, new: str | None) -> str:
    name = label[:1].lower() + label[1:]
    if old is None:
        return f"{name} added: {new}"
    if new is None:
        return f"no {name} any more (it was {old})"
    before, amount, rest = _without_common_end(old, new)
    return f"{name} {before} → {amount}{rest}"


def _without_common_end(old: str, new: str) -> tuple[str, str, str]:
    """``50 → 40 in all`` for ``50 in all (then refused) → 40 in all (then refused)``."""
    before, _, then = old.partition(" (")
    amount, _, later = new.partition(" (")
    if then != later:
        return old, new, ""
    number_before, _, window = before.partition(" ")
    number_after, _, same = amount.partition(" ")
    return (number_before, number_after, f" {window}") if window == same and window else (before, amount, "")


def _feature_said(label: str, old: str | None, new: str | None) -> str:
    name = label[:1].lower() + label[1:]
    if old is None:
        return f"with {name} ({new})"
    return f"without {name}" if new is None else f"{name} {quoted(old)} → {quoted(new)}"


LIMITS = Field("limits.*", "Limit on {key}", _limit, said=_limit_said)
FEATURES = Field("features.*", "Feature {key}", said=_feature_said)
