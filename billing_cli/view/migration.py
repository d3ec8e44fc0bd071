"""A migration for people: who moves, what it comes to, who stays and why, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billing_review.money import money, percent

if TYPE_CHECKING:
    from billing_runtime.migration import Report

Json = Mapping[str, Any]
_SHOWN = 20


def lines_of_plan(report: Report, *, dry: bool) -> list[str]:
    """What would be done, or is about to be."""
    document = report.as_json()
    return [*_head(document), "", *_plan(document, dry=dry)]


def lines_of_result(report: Report) -> list[str]:
    """What has been done."""
    document = report.as_json()
    return [*_head(document), "", *_result(document)]


def _head(document: Json) -> Iterator[str]:
    about = document["migration"]
    mode = "live" if about["livemode"] else "test"
    what = "Undo" if about["kind"] == "undo" else "Migration"
    of = f" of {about['undoes']}" if about["undoes"] else ""
    yield f"{what}{of}, stack {about['stack']}, account {about['account']} ({mode} mode)"
    for word in ("from", "to"):
        yield f"  {word:<5}{_price(about[word])}"


def _plan(document: Json, *, dry: bool) -> Iterator[str]:
    plan = document["plan"]
    would = "would move" if dry else "to move"
    yield f"{count(plan['subscriptions'], 'subscription')} of {count(plan['customers'], 'customer')} {would}"
    yield from _currencies(plan["currencies"])
    yield from _remarks(plan)
    if plan["examples"]:
        yield "For example"
        yield from (f"  {_example(one)}" for one in plan["examples"])
    yield from _skipped("Staying where they are", plan["skipped"])
    if plan["subscriptions"]:
        yield f"Billing (--proration {document['migration']['policy']['proration']})"
        yield from (f"  {sentence}" for sentence in document["billing"])
        yield from _due(plan["due_now"])
    if dry:
        yield "Nothing was changed: --run carries it out." if plan["subscriptions"] else "Nothing to do."


def _remarks(plan: Json) -> Iterator[str]:
    if plan["trialing"]:
        yield f"  {count(plan['trialing'], 'subscription')} in a trial, which goes on"
    if plan["raised_to_minimum"]:
        yield f"  {count(plan['raised_to_minimum'], 'subscription')} raised to the minimum of seats"
    if plan["beyond_limit"]:
        yield f"  {count(plan['beyond_limit'], 'subscription')} more, beyond --limit"


def _result(document: Json) -> Iterator[str]:
    result, about = document["result"], document["migration"]
    yield f"{count(result['moved'], 'subscription')} moved, journal {about['journal']}"
    yield from _currencies(result["currencies"])
    yield from _skipped("Stayed after all", result["skipped"])
    if result["failed"]:
        yield "Failed"
        yield from (f"  {_failed(one)}" for one in result["failed"][:_SHOWN])
        if len(result["failed"]) > _SHOWN:
            yield f"  and {len(result['failed']) - _SHOWN} more: see --json or --report"
    if result["remaining"]:
        yield f"{count(result['remaining'], 'subscription')} not tried yet"
    if result["failed"] or result["remaining"]:
        yield f"Go on: billing migrate --resume {about['journal']} --run"
    if result["moved"]:
        yield f"Back:  billing migrate --undo {about['journal']}"


def _price(price: Json) -> str:
    named = f"{price['key']} ({price['id']})" if price["key"] else price["id"]
    count = price["interval_count"]
    every = price["interval"] if count == 1 else f"{count} {price['interval']}s"
    return f"{named}, every {every}" + ("" if price["active"] else ", archived")


def _currencies(currencies: Mapping[str, Json]) -> Iterator[str]:
    for currency, one in currencies.items():
        seats = f", {count(one['seats'], 'seat')}" if one["seats"] else ""
        before, after = one["monthly_before"], one["monthly_after"]
        if before is None or after is None:
            number = count(one["subscriptions"], "subscription")
            yield f"  {number} in {currency.upper()}{seats}: usage decides the amount"
            continue
        change = percent(Decimal(before), Decimal(after))
        shown = f"{money(Decimal(before), currency)} → {money(Decimal(after), currency)} a month"
        yield f"  {shown}{f' ({change})' if change else ''}{seats}"


def _example(one: Json) -> str:
    words = [one["subscription"], one["customer"]]
    if one["quantity_before"] is not None:
        raised = "" if one["quantity_after"] == one["quantity_before"] else f" → {one['quantity_after']}"
        words.append(f"{one['quantity_before']}{raised} ×")
    if one["period_before"] is not None and one["period_after"] is not None:
        before, after = (money(Decimal(one[name]), one["currency"]) for name in ("period_before", "period_after"))
        words.append(f"{before} → {after} each period")
    return "  ".join(words) + (", in a trial" if one["trialing"] else "")


def _skipped(title: str, skipped: Mapping[str, Json]) -> Iterator[str]:
    if skipped:
        yield title
    for one in skipped.values():
        more = ", …" if one["count"] > len(one["subscriptions"]) else ""
        yield f"  {one['count']}: {one['why']} [{', '.join(one['subscriptions'])}{more}]"


def _due(due: Mapping[str, str]) -> Iterator[str]:
    for currency, amount in due.items():
        if int(amount):
            yield f"  By the move itself, estimated: {money(Decimal(amount), currency)}"


def _failed(one: Json) -> str:
    why = one["message"] or f"Stripe answered {one['status'] or 'nothing'} {one['code'] or ''}".rstrip()
    return f"{one['subscription']}: {why}" + (" (it may have been moved nevertheless)" if one["unknown"] else "")


def count(number: int, noun: str) -> str:
    """A number and what it counts: `1 seat`, `1,200 seats`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
