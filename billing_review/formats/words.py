"""What the forms say in words of their own: counts, amounts, who is affected, how two prices compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from billing_review.curves import MOST, Stretch, Trend, has_amount, is_comparable, stretches
from billing_review.money import money, percent
from billing_review.phrases import counted, listed
from billing_review.pricing import Pricing
from billing_review.report import SEVERITIES, Affected, Costs, Entry, Finding, Report, Severity
from billing_review.steps import Operation

OPERATIONS: Mapping[Operation, str] = {
    "create": "new",
    "update": "changed",
    "replace": "replaced",
    "delete": "removed",
    "import": "taken over",
    "same": "unchanged",
}
_AS_ONE = {"seats": "seat", "units": "unit", "packages": "package"}
_NAMES: Mapping[Trend, str] = {"cheaper": "cheaper", "dearer": "dearer", "same": "the same"}
_BY_TURNS = 5


def of_unit(quantity: int, unit: str) -> str:
    """1 seat, 51 seats, 2,500 ai_tokens."""
    return f"{quantity:,} {_AS_ONE.get(unit, unit) if quantity == 1 else unit}"


def changes(report: Report) -> str:
    """1 new, 3 changed, 1 removed; 12 unchanged; 1 resource outside of Stripe, not reviewed."""
    changing = (
        (report.counts.get(operation, 0), word) for operation, word in OPERATIONS.items() if operation != "same"
    )
    told = [f"{number:,} {word}" for number, word in changing if number]
    same, others = report.counts.get("same", 0), sum(report.others.values())
    further = [
        f"{same:,} unchanged" if same else "",
        f"{counted(others, 'resource')} outside of Stripe, not reviewed" if others else "",
    ]
    return "; ".join([", ".join(told or ["Nothing changes"]), *(one for one in further if one)])


def by_weight(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, suppressed ones last."""
    return tuple(sorted(findings, key=lambda one: (one.suppressed is not None, SEVERITIES.index(one.severity))))


def weights(findings: Iterable[Finding]) -> str:
    """1 high, 2 medium; 1 suppressed."""
    found = tuple(findings)
    alive = [one.severity for one in found if one.suppressed is None]
    told = [f"{alive.count(severity):,} {severity}" for severity in SEVERITIES if severity in alive]
    put_off = len(found) - len(alive)
    return (", ".join(told) or "none") + (f"; {put_off:,} suppressed" if put_off else "")


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity of what is not suppressed."""
    alive = [one.severity for one in findings if one.suppressed is None]
    return next((severity for severity in SEVERITIES if severity in alive), None)


def by_object(findings: Iterable[Finding]) -> dict[tuple[str, str], tuple[Finding, ...]]:
    """What is said about each object, by kind and key; worst first."""
    found: dict[tuple[str, str], tuple[Finding, ...]] = {}
    for finding in by_weight(findings):
        about = (finding.kind, finding.key)
        found[about] = (*found.get(about, ()), finding)
    return found


def source(report: Report) -> tuple[str, ...]:
    """Where the report comes from: the stack, whose money it is, the revisions."""
    known = report.source
    modes = {True: "live mode: real money", False: "test mode", None: ""}
    revisions = f"{known.base or 'nothing'} → {known.head or 'the working tree'}" if known.kind == "catalog" else ""
    stack = "/".join(part for part in (known.project, known.stack) if part)
    return tuple(part for part in (stack, modes[known.livemode], known.account or "", revisions) if part)


def in_money(amounts: Mapping[str, int]) -> str:
    """4,944.00 USD and 1,200.00 EUR."""
    return listed(money(amount, currency) for currency, amount in sorted(amounts.items()))


def revenue(report: Report) -> str | None:
    """How much is paid every month on prices that change."""
    if not report.revenue_touched:
        return None
    least = "at least " if report.counting.status == "partly" else ""
    return f"Monthly recurring revenue on prices that change: {least}{in_money(report.revenue_touched)}"


def affected(found: Affected) -> str:
    """37 active subscriptions (412 seats), 3 trialing; 35 customers; 4,944.00 USD a month."""
    named = ((found.trialing, "trialing"), (found.past_due, "past due"))
    states = [f"{number:,} {name}" for number, name in named if number]
    if not (found.active or states or found.customers or found.open_checkouts):
        return "nobody" if found.complete else "nobody was found before counting stopped"
    seats = f" ({counted(found.seats, 'seat')})" if found.seats else ""
    subscriptions = ", ".join([counted(found.active, "active subscription"), *states]) + seats
    parts = [subscriptions]
    parts += [counted(found.customers, "customer")] if found.customers else []
    parts += [counted(found.open_checkouts, "open checkout session")] if found.open_checkouts else []
    parts += [f"{in_money(found.monthly_revenue)} a month at list price"] if found.monthly_revenue else []
    return ("" if found.complete else "at least ") + "; ".join(parts)


def interval(pricing: Pricing) -> str:
    """A month, every 3 months, once."""
    if pricing.interval is None:
        return "once"
    if pricing.interval_count == 1:
        return f"a {pricing.interval}"
    return f"every {pricing.interval_count} {pricing.interval}s"


def on_costs(entry: Entry, costs: Costs) -> tuple[str, ...]:
    """How a price is counted and how it compares, with the currency where the price has several."""
    named = f"{costs.currency.upper()}: " if len(entry.costs) > 1 else ""
    return tuple(named + sentence for sentence in (costs.explanation, comparison(costs)) if sentence)


def price_changes(report: Report) -> Iterator[tuple[Entry, Costs]]:
    """The prices whose amounts change, come or go: one for each currency."""
    return ((entry, costs) for entry in report.entries for costs in entry.costs if costs.old != costs.new)


def amount(pricing: Pricing | None) -> str:
    """12.00 USD a seat and month; 4 graduated tiers, a month."""
    if pricing is None:
        return "–"
    if pricing.tiers:
        return f"{counted(len(pricing.tiers), f'{pricing.mode} tier')}, {interval(pricing)}"
    if pricing.unit is None:
        return f"an amount that the customer chooses, {interval(pricing)}"
    what = f"{pricing.package.divide_by:,} units" if pricing.package else ""
    per = f" per {what}" if what else " a seat" if pricing.per_seat else " a unit" if pricing.metered else ""
    both = " and" if per and pricing.interval and pricing.interval_count == 1 else ""
    time = pricing.interval if both else interval(pricing)
    return f"{money(pricing.unit, pricing.currency)}{per}{both} {time}"


def change(costs: Costs) -> str:
    """+16.7 %, or in words where one figure would not be true of every quantity."""
    old, new = costs.old, costs.new
    if old is None or new is None:
        return "new" if old is None else "goes"
    if old == new:
        return "the same"
    if _is_one_figure(old, new) and old.unit is not None and new.unit is not None:
        return percent(old.unit, new.unit) or ("was free" if new.unit else "the same")
    return comparison(costs) or ""


def unit_of(costs: Costs) -> str:
    """What quantities of this price are quantities of."""
    named = max(costs.examples, key=lambda example: example.quantity, default=None)
    seats = any(one is not None and one.per_seat for one in (costs.old, costs.new))
    if named is not None and named.quantity > 1 and named.unit != "packages":
        return named.unit
    return "seats" if seats else "units"


def comparison(costs: Costs) -> str | None:
    """Dearer than before up to 50 seats, cheaper from 51 seats."""
    old, new = costs.old, costs.new
    if old is None or new is None or not (has_amount(old) and has_amount(new)):
        return None
    if not is_comparable(old, new):
        return f"Billed {interval(old)} before and {interval(new)} now: the amounts are not compared"
    return None if _is_one_figure(old, new) else _told(stretches(old, new, most=MOST), unit_of(costs))


def _is_one_figure(old: Pricing, new: Pricing) -> bool:
    """Whether the change is the same percentage at every quantity."""
    return is_comparable(old, new) and not old.tiers and not new.tiers and old.package == new.package


def _told(found: tuple[Stretch, ...], unit: str) -> str:
    if len(found) > _BY_TURNS:
        first = next(one for one in found[1:] if one.trend != "same")
        at = of_unit(first.first, unit)
        return f"Cheaper and dearer than before by turns; {first.trend} for the first time at {at}"
    if len(found) == 1:
        return f"{_compared(found[0]).capitalize()} at every quantity"
    parts = [_between(one, after.first - 1, unit if one is found[0] else "") for one, after in pairwise(found)]
    parts.append(f"{_NAMES[found[-1].trend]} from {of_unit(found[-1].first, unit)}")
    told = ", ".join(parts)
    return told[0].upper() + told[1:]


def _between(stretch: Stretch, last: int, unit: str) -> str:
    name = _compared(stretch) if stretch.first == 1 else _NAMES[stretch.trend]
    return f"{name} {'at' if stretch.first == last else 'up to'} {of_unit(last, unit)}".rstrip()


def _compared(stretch: Stretch) -> str:
    return f"{_NAMES[stretch.trend]} {'as' if stretch.trend == 'same' else 'than'} before"
