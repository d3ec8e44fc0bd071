"""The whole report: its order, its counts, its money."""

from __future__ import annotations

from billing_review.report import Affected, Counting, Finding, Suppression
from billing_review.steps import Change, Plan, Source
from billing_review.telling import tell
from tests.billing_review.telling.builders import (
    FLAT,
    SEAT,
    TEAM,
    TOKENS,
    USAGE,
    VOLUME,
    gone,
    new,
    replaced,
    same,
    updated,
)

COUPON = same("Coupon", "summer", name="Summer", percent_off=10)
HOOK = same("WebhookEndpoint", "app", url="https://app.example.com", enabled_events=["*"])


def finding(key: str, severity: str, kind: str = "Price", suppressed: Suppression | None = None) -> Finding:
    """A finding about an object."""
    assert severity in {"high", "medium", "low", "info"}
    return Finding(f"rule-{key}", severity, "A sentence.", kind, key, "Do it.", suppressed=suppressed)  # type: ignore[arg-type]


def test_nothing_changes() -> None:
    """Equal objects are counted and not told."""
    found = tell(Change(Source("plan", stack="dev"), (TEAM, SEAT)))
    assert found.entries == ()
    assert found.counts == {"same": 2}
    assert found.source.stack == "dev"
    assert tell(Change(Source("catalog"), ())).counts == {}


def test_counts() -> None:
    """Objects by what happens to them; plans are no objects."""
    steps = (
        TEAM,
        replaced(SEAT, unit_amount=1),
        updated(FLAT, trial_days=1),
        gone("Price", "x", **FLAT.args),
        new("Price", "y", **FLAT.args),
    )
    found = tell(Change(Source("plan"), (*steps, TOKENS), plans=(Plan("team", {"rank": 1}, {"rank": 2}),)))
    assert found.counts == {"create": 1, "update": 1, "replace": 1, "delete": 1, "same": 2}
    assert len(found.entries) == 5


def test_order_without_any_numbers() -> None:
    """What money depends on comes first, and there what goes before what is new."""
    steps = (
        updated(HOOK, enabled_events=["invoice.paid"]),
        new("Unheard", "of"),
        updated(TEAM, name="Teams"),
        updated(TOKENS, display_name="Tokens"),
        new("Price", "new", **FLAT.args),
        updated(FLAT, trial_days=7),
        replaced(SEAT, unit_amount=1400),
        gone("Price", "gone", **VOLUME.args),
        gone("Coupon", "summer", **COUPON.args),
    )
    found = tell(Change(Source("plan"), steps))
    assert [one.key for one in found.entries] == [
        "gone",
        "team.monthly",
        "ai.base",
        "new",
        "team",
        "summer",
        "tokens",
        "app",
        "of",
    ]


def test_more_customers_come_first() -> None:
    """A price with many on it is told before one with few, whatever happens to it; then the source's order holds."""
    steps = (
        updated(FLAT, trial_days=7),
        replaced(SEAT, unit_amount=1400),
        replaced(USAGE, unit_amount=3),
        replaced(VOLUME, seats={"mode": "purchased"}),
    )
    affected = {("Price", "ai.base"): Affected(active=50, trialing=1), ("Price", "team.monthly"): Affected(active=3)}
    found = tell(Change(Source("plan"), steps), affected=affected)
    assert [one.key for one in found.entries] == ["ai.base", "team.monthly", "ai.tokens", "team.volume"]
    assert found.entries[0].affected == Affected(active=50, trialing=1)


def test_the_worst_finding_comes_first() -> None:
    """What is dangerous is read first, unless somebody said that it is not."""
    steps = (replaced(SEAT, unit_amount=1400), updated(HOOK, disabled=True), replaced(USAGE, unit_amount=3))
    excused = finding("ai.tokens", "high", suppressed=Suppression("Agreed.", "2027-01-31"))
    findings = [excused, finding("team.monthly", "low"), finding("app", "high", "WebhookEndpoint")]
    found = tell(Change(Source("plan"), steps), findings)
    assert [one.key for one in found.entries] == ["app", "team.monthly", "ai.tokens"]
    assert [one.key for one in found.findings] == ["app", "team.monthly", "ai.tokens"]


def test_findings_are_in_order() -> None:
    """Worst first, suppressed ones last, otherwise as they came."""
    excuse = Suppression("Agreed.", "2027-01-31")
    given = [
        finding("a", "info"),
        finding("b", "high", suppressed=excuse),
        finding("c", "medium"),
        finding("d", "high"),
        finding("e", "medium"),
        finding("f", "low"),
    ]
    found = tell(Change(Source("plan"), ()), given)
    assert [one.key for one in found.findings] == ["d", "c", "e", "f", "a", "b"]


def test_money_touched() -> None:
    """What is paid on prices that change, by currency: 4,944.00 and 100.00 USD, 50.00 EUR; not on what stays."""
    steps = (replaced(SEAT, unit_amount=1400), updated(FLAT, trial_days=7), VOLUME)
    paid = Affected(active=1, monthly_revenue={"usd": 494400})
    affected = {
        ("Price", "team.monthly"): paid,
        ("Price", "ai.base"): Affected(active=1, monthly_revenue={"eur": 5000, "usd": 10000}),
        ("Price", "team.volume"): paid,
        ("Price", "elsewhere"): paid,
        ("Product", "team"): paid,
    }
    found = tell(Change(Source("plan"), steps), affected=affected)
    assert found.revenue_touched == {"eur": 5000, "usd": 504400}


def test_what_was_counted_and_what_went_wrong_are_passed_on() -> None:
    """The report says how it was made."""
    counting = Counting("counted", "12 requests.", calls=12, seconds=0.5)
    found = tell(Change(Source("plan"), (), trouble=("The preview failed.",)), counting=counting)
    assert (found.counting, found.trouble) == (counting, ("The preview failed.",))
    assert tell(Change(Source("plan"), ())).counting.status == "not_asked"


def test_an_entry_says_where_it_comes_from() -> None:
    """Kind, key, plan, id and place are the step's."""
    step = type(SEAT)("Price", "p", "create", None, FLAT.args, object_id="price_1", plan="ai", place="catalog.yaml:7")
    (found,) = tell(Change(Source("plan"), (step,))).entries
    assert (found.kind, found.key, found.operation) == ("Price", "p", "create")
    assert (found.plan, found.object_id, found.place, found.title) == ("ai", "price_1", "catalog.yaml:7", "p")


def test_a_thousand_objects() -> None:
    """Every one of many is told, with a title of its own."""
    products = tuple(new("Product", f"p{number}", name="Same name") for number in range(300))
    prices = tuple(new("Price", f"p{number}.m", **{**SEAT.args, "product": f"p{number}"}) for number in range(700))
    found = tell(Change(Source("plan"), (*products, *prices)))
    titles = [one.title for one in found.entries if one.kind == "Price"]
    assert len(found.entries) == 1000
    assert len(set(titles)) == 700
