"""The customer portal offers a price that is not for sale any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing_review.judgement.fields import items, part
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.wording import charge
from billing_review.phrases import listed
from billing_review.steps import Args, Change, Step

_ADVICE = "Take it off the portal, or offer its successor by its name in the program instead of by an id."


def portal_archived_price(case: Case) -> Iterator[Said]:
    """By its name where it goes; by its id where it goes or is replaced, since the id stays the old one's."""
    gone = _archived(case.change)
    for portal in case.change.of("PortalConfiguration"):
        found = [f"{price}{_amount(gone[price])}" for price in _offered(portal.new) if price in gone]
        if found:
            what = f"{listed(found)}, which {'is' if len(found) == 1 else 'are'} archived"
            yield said(portal, f"{portal.key}: the portal offers {what}.", _ADVICE)


def _archived(change: Change) -> dict[str, Step]:
    found = dict[str, Step]()
    for step in change.of("Price"):
        if step.operation == "delete":
            found[step.key] = step
        if step.operation in {"delete", "replace"} and step.object_id:
            found[step.object_id] = step
    return found


def _offered(args: Args | None) -> Iterator[str]:
    update = part(args, "features", "subscription_update")
    for product in items(update, "products") if update.get("enabled") is True else ():
        prices = items(product, "prices") if isinstance(product, Mapping) else ()
        yield from (price for price in prices if isinstance(price, str))


def _amount(step: Step) -> str:
    found = priced(step.old)
    return f" ({charge(found)})" if found is not None else ""
