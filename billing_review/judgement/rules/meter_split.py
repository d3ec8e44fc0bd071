"""Usage before and after the change is counted apart: bills add up neither side wholly."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import part, text
from billing_review.judgement.rule import Case, Said, said
from billing_review.phrases import listed
from billing_review.steps import Args, Step

_PRICE = "Bill the new meter by a new price under another name, and move customers at the end of their period."
_METER = (
    "Declare a second meter with another event name and a new price on it, move customers, then remove the old ones."
)
_FIELDS = ("event_name", "default_aggregation", "event_time_window", "customer_mapping", "value_settings")


def meter_split(case: Case) -> Iterator[Said]:
    """A price bills another meter, or a meter that prices bill is made anew with other terms."""
    for one in case.successions:
        old, new = text(part(one.old, "recurring"), "meter"), text(part(one.new, "recurring"), "meter")
        if old and new and old != new:
            what = f"bills the meter {new}{_event(case, new, new=True)} instead of {old}{_event(case, old, new=False)}"
            yield said(
                one.step, f"{case.name(one.step)}: {what}; usage of the current period is split between both.", _PRICE
            )
    for meter in case.change.of("Meter"):
        prices = [step.key for step in case.change.of("Price") if _bills(step.old, meter) and _bills(step.new, meter)]
        terms = _terms(meter)
        if prices and terms:
            what = (
                f"is replaced ({'; '.join(terms)}) while {listed(prices)} {'bills' if len(prices) == 1 else 'bill'} it"
            )
            yield said(meter, f"{case.name(meter)}: {what}; usage before and after is counted apart.", _METER)


def _event(case: Case, key: str, *, new: bool) -> str:
    meter = case.change.find("Meter", key)
    name = text((meter.new if new else meter.old) or meter.args, "event_name") if meter is not None else None
    return f" (events {name})" if name else ""


def _bills(args: Args | None, meter: Step) -> bool:
    return text(part(args, "recurring"), "meter") == meter.key


def _terms(meter: Step) -> list[str]:
    """What is new about how it counts; a meter that is made anew without a difference is split as well."""
    if meter.old is None or meter.new is None or meter.operation == "same":
        return []
    found = [
        f"{name} {_shown(meter.old, name)} → {_shown(meter.new, name)}" for name in _FIELDS if _differs(meter, name)
    ]
    return found or (["made anew"] if meter.operation == "replace" else [])


def _differs(meter: Step, name: str) -> bool:
    return (meter.old or {}).get(name) != (meter.new or {}).get(name)


def _shown(args: Args, name: str) -> str:
    """A value, or the texts of an object such as {formula: sum}."""
    value = args.get(name)
    texts = [value] if isinstance(value, str) else [one for one in part(args, name).values() if isinstance(one, str)]
    return ", ".join(texts) or "the usual one"
