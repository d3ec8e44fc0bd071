"""What customers may do for themselves. https://docs.stripe.com/api/customer_portal/configurations"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Field, Scene, counts, renamed, rewritten
from billing_review.telling.places import inside
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.shows import ADOPT, METADATA, in_words, listed, switched
from billing_review.telling.words import counted, joined, number, quoted, small

_MAY = {
    "customer_update": "change their details",
    "invoice_history": "see past invoices",
    "payment_method_update": "change how they pay",
    "subscription_cancel": "cancel",
    "subscription_pause": "pause",
    "subscription_update": "switch to other prices",
}
_PRORATION = {
    "none": "neither billed nor given back",
    "create_prorations": "settled on the next invoice",
    "always_invoice": "billed at once",
}
_CANCEL = {"at_period_end": "at the end of the paid period", "immediately": "at once"}
_UPDATES = {"price": "the price", "promotion_code": "a promotion code", "quantity": "the quantity"}
_TRIAL = {"continue_trial": "goes on", "end_trial": "ends"}
_ANCHOR = {"now": "begins a new period", "unchanged": "keeps the period"}
_PAUSE = {"indefinite": "without an end", "interval_options": "for a time that they choose"}


def _title(step: Step, _: Book) -> str:
    name = step.args.get("name")
    return f"Customer portal {name or step.key}"


def _now(label: str, old: str | None, new: str | None) -> str:
    return f"{small(label)} {new or 'nothing'} (until now {old or 'nothing'})"


def _updates(value: Any, _: Scene) -> str:
    return joined(sorted(_UPDATES.get(one, str(one)) for one in value)) or "nothing"


def _durations(value: Any, _: Scene) -> str:
    return joined(counted(one.get("interval_count") or 1, str(one.get("interval"))) for one in value)


def _offer(value: Any, scene: Scene) -> str:
    return "; ".join(sorted(_offered(one, scene.book) for one in value))


def _offered(one: Args, book: Book) -> str:
    prices = joined(map(quoted, sorted(book.name("Price", price) for price in one.get("prices") or ())))
    return f"{prices}{_quantity(one.get('adjustable_quantity') or {})}"


def _quantity(quantity: Args) -> str:
    if not quantity.get("enabled"):
        return ""
    least, most = quantity.get("minimum"), quantity.get("maximum")
    bounds = f"{number(1 if least is None else least)} to {number(most)}" if most else f"{number(least or 1)} or more"
    return f" (in quantities of {bounds})"


def _pages(value: Any, _: Scene) -> str:
    return joined(sorted(str(one.get("type")).replace("_", " ") for one in value))


def _switches() -> Iterator[Field]:
    for name, may in _MAY.items():
        said = switched(f"customers may {may}", f"customers may no longer {may}")
        yield Field(f"features.{name}.enabled", f"Customers may {may}", absent=False, said=said)


def _brief(args: Args, _: Book) -> Iterator[str]:
    allowed = [may for name, may in _MAY.items() if inside(args, "features", name).get("enabled")]
    yield f"customers may {joined(allowed)}" if allowed else "customers may do nothing there yet"


def _proration(feature: str, label: str) -> Field:
    path = f"features.{feature}.proration_behavior"
    return Field(path, label, in_words(_PRORATION), absent="none", said=_now)


_CANCELLING = "features.subscription_cancel"
_SWITCHING = "features.subscription_update"
tell_portal_configuration = plainly(
    Tale(
        noun="customer portal",
        title=_title,
        gone="deactivated, links to it stop working, unless it is the account's default",
        brief=_brief,
        fields=(
            *_switches(),
            Field(f"{_SWITCHING}.products", "Prices on offer", _offer, said=rewritten),
            Field(f"{_SWITCHING}.default_allowed_updates", "They may change", _updates, said=_now),
            _proration("subscription_update", "Paid time after a switch is"),
            Field(f"{_SWITCHING}.billing_cycle_anchor", "A switch", in_words(_ANCHOR), absent="unchanged", said=_now),
            Field(
                f"{_SWITCHING}.trial_update_behavior",
                "On a switch a trial",
                in_words(_TRIAL),
                absent="end_trial",
                said=_now,
            ),
            Field(
                f"{_SWITCHING}.schedule_at_period_end.conditions",
                "What waits for the end of the period is",
                _pages,
                said=_now,
            ),
            Field(
                f"{_CANCELLING}.mode", "Cancelling takes effect", in_words(_CANCEL), absent="at_period_end", said=_now
            ),
            _proration("subscription_cancel", "Paid time after a cancellation is"),
            Field(
                f"{_CANCELLING}.cancellation_reason.enabled",
                "Customers who cancel are asked why",
                absent=False,
                said=switched("customers who cancel are asked why", "customers who cancel are no longer asked why"),
            ),
            Field(f"{_CANCELLING}.cancellation_reason.options", "Answers on offer", listed, said=rewritten),
            Field("features.subscription_pause.duration.type", "They may pause", in_words(_PAUSE), said=_now),
            Field("features.subscription_pause.duration.interval_options", "Pauses", _durations, said=_now),
            Field("features.customer_update.allowed_updates", "Details that they may change", listed, said=_now),
            Field("features.payment_method_update.payment_method_configuration", "Payment methods", said=counts),
            Field("business_profile.headline", "Headline"),
            Field("business_profile.privacy_policy_url", "Privacy policy", said=counts),
            Field("business_profile.terms_of_service_url", "Terms of service", said=counts),
            Field("default_return_url", "The way back leads to", said=counts),
            Field(
                "login_page.enabled",
                "Page to log in",
                absent=False,
                said=switched(
                    "customers can log in without a link of yours", "customers need a link of yours to log in"
                ),
            ),
            Field("name", "Name", said=renamed),
            METADATA,
            ADOPT,
        ),
    )
)
