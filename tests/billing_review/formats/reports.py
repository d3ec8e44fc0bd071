"""A whole review, written by hand: every severity, every model of costs, counted customers, hostile and long texts."""

from __future__ import annotations

from decimal import Decimal

from billing_review.pricing import Package, Pricing, Tier
from billing_review.report import (
    Affected,
    Costs,
    Counting,
    Entry,
    Example,
    Fact,
    Finding,
    Report,
    Suppression,
    TierRow,
)
from billing_review.steps import Source

HOSTILE = (
    "<script>alert(1)</script> | `rm -rf` @everyone #1 [x](javascript:alert(1)) ![i](https://evil.example/p.png) "
    "<!-- billing-review --> [red]x[/red] **b** $x$ :tada: \x1b[31m\u202egnp\u200b\r\n# Title"
)
"""What somebody could call a product."""
SECRET = "sk_live_51AbCdEfGhIjKlMnOpQrStUv"

SEAT = Entry(
    kind="Price",
    key="team.monthly",
    operation="replace",
    title="Team, monthly seat",
    headline="Team, monthly seat: 12.00 → 14.00 USD a month (+16.7 %), new price, lookup key moves",
    sentences=(
        "37 active subscriptions (412 seats) stay on the old price.",
        "The lookup key team_monthly moves to the new price in the same step.",
    ),
    facts=(
        Fact("Amount", "12.00 USD", "14.00 USD", "+16.7 %"),
        Fact("Trial", "14 days", "7 days", "7 days shorter"),
        Fact("Limit members", "50", "25"),
        Fact("Feature sso", None, "included"),
    ),
    costs=(
        Costs(
            "usd",
            Pricing("usd", unit=Decimal(1200), interval="month", per_seat=True),
            Pricing("usd", unit=Decimal(1400), interval="month", per_seat=True),
            examples=(
                Example(1, "seat", "12.00", "14.00", "+16.7 %", "1 × 14.00"),
                Example(10, "seats", "120.00", "140.00", "+16.7 %", "10 × 14.00"),
            ),
        ),
        Costs(
            "jpy",
            Pricing("jpy", unit=Decimal(1800), interval="month", per_seat=True),
            Pricing("jpy", unit=Decimal(1800), interval="month", per_seat=True),
        ),
    ),
    affected=Affected(37, 3, 1, 412, 40, 2, {"usd": 494400, "jpy": 18000}),
    plan="team",
    object_id="price_1Nq2Team",
    place="stacks/catalog.yaml:52",
)
VOLUME = Entry(
    kind="Price",
    key="business.seat",
    operation="replace",
    title="Business, seats by volume",
    headline="Business, monthly seat: from a flat 10.00 USD to volume tiers, cheaper from 51 seats",
    costs=(
        Costs(
            "usd",
            Pricing("usd", unit=Decimal(1000), interval="month", per_seat=True),
            Pricing(
                "usd",
                tiers=(Tier(50, Decimal(1200)), Tier(200, Decimal(900)), Tier(None, Decimal(700))),
                mode="volume",
                interval="month",
                per_seat=True,
            ),
            tiers=(
                TierRow("1 to 50", "10.00", "12.00"),
                TierRow("51 to 200", "10.00", "9.00"),
                TierRow("201 and more", "10.00", "7.00"),
            ),
            examples=(
                Example(1, "seat", "10.00", "12.00", "+20.0 %", "1 × 12.00"),
                Example(50, "seats", "500.00", "600.00", "+20.0 %", "50 × 12.00"),
                Example(51, "seats", "510.00", "459.00", "-10.0 %", "51 × 9.00"),
                Example(400, "seats", "4,000.00", "2,800.00", "-30.0 %", "400 × 7.00"),
            ),
            explanation="Volume tiers: the tier of the whole quantity prices every seat.",
        ),
    ),
    affected=Affected(1000, 0, 12, 23800, 990, 0, {"usd": 23800000}, complete=False),
    plan="business",
    object_id="price_1Nq2Business",
)
GRADUATED = Entry(
    kind="Price",
    key="api.calls",
    operation="replace",
    title="API calls",
    headline="API calls: the first 1,000 are free, then 0.02 USD; was 0.015 USD from the first call",
    costs=(
        Costs(
            "usd",
            Pricing("usd", unit=Decimal("1.5"), interval="month", metered=True),
            Pricing(
                "usd",
                tiers=(Tier(1000), Tier(10000, Decimal(2)), Tier(None, Decimal(1), Decimal(500))),
                mode="graduated",
                interval="month",
                metered=True,
            ),
            tiers=(
                TierRow("1 to 1,000", "0.015", "0.00"),
                TierRow("1,001 to 10,000", "0.015", "0.02"),
                TierRow("10,001 and more", "0.015", "0.01 and 5.00 once"),
            ),
            examples=(
                Example(1000, "api_calls", "15.00", "0.00", "-100.0 %", "1,000 × 0.00"),
                Example(10000, "api_calls", "150.00", "180.00", "+20.0 %", "1,000 × 0.00 + 9,000 × 0.02"),
            ),
            explanation="Graduated tiers: each unit costs what its own tier says.",
        ),
    ),
    affected=Affected(),
    plan="api",
)
PACKAGES = Entry(
    kind="Price",
    key="team.tokens",
    operation="replace",
    title="AI tokens",
    headline="AI tokens: 0.04 USD per started 1,000 → 0.09 USD per started 2,500",
    costs=(
        Costs(
            "usd",
            Pricing("usd", unit=Decimal(4), package=Package(1000, "up"), interval="month", metered=True),
            Pricing("usd", unit=Decimal(9), package=Package(2500, "up"), interval="month", metered=True),
            examples=(Example(1500, "ai_tokens", "0.08", "0.09", "+12.5 %", "1 × 0.09"),),
            explanation="Packages: every started 2,500 tokens cost 0.09 USD.",
        ),
    ),
)
YEARLY = Entry(
    kind="Price",
    key="team.yearly",
    operation="replace",
    title="Team, yearly",
    headline="Team, yearly: billed every year instead of every 3 months",
    costs=(
        Costs(
            "eur",
            Pricing("eur", unit=Decimal(3000), interval="month", interval_count=3),
            Pricing("eur", unit=Decimal(10000), interval="year"),
        ),
    ),
)
NEW_TOKENS = Entry(
    kind="Price",
    key="pro.tokens",
    operation="create",
    title="Pro tokens",
    headline="Pro tokens: new, 0.0004 USD a token",
    costs=(Costs("usd", None, Pricing("usd", unit=Decimal("0.04"), interval="month", metered=True)),),
)
GONE = Entry(
    kind="Price",
    key="old.once",
    operation="delete",
    title="Set-up fee",
    headline="Set-up fee: 99.00 USD once, archived",
    costs=(Costs("usd", Pricing("usd", unit=Decimal(9900)), None),),
)
NAMED = Entry(
    kind="Product",
    key=HOSTILE,
    operation="update",
    title=HOSTILE,
    headline=f"{HOSTILE}: renamed",
    sentences=(f"A key was pasted: {SECRET}.", HOSTILE),
    facts=(Fact("Name", HOSTILE, f"whsec_{'b' * 24}"), Fact("Description", None, "long " * 60, HOSTILE)),
    place=HOSTILE,
)
HOOK = Entry(
    kind="WebhookEndpoint",
    key="app",
    operation="update",
    title="Webhook endpoint app",
    headline="Webhook endpoint app: invoice.paid is no longer sent",
    sentences=("The application will not hear of paid invoices.",),
)

FINDINGS = (
    Finding(
        "price-increase",
        "high",
        "Team, monthly seat costs 16.7 % more: 12.00 → 14.00 USD a month.",
        "Price",
        "team.monthly",
        "Announce it, or lower it to at most 13.20 USD.",
        "stacks/catalog.yaml:52",
    ),
    Finding(
        "missing-event",
        "high",
        "Webhook endpoint app no longer sends invoice.paid, which the runtime needs.",
        "WebhookEndpoint",
        "app",
        "Keep invoice.paid in enabled_events.",
    ),
    Finding(
        "falling-total",
        "medium",
        "The total falls as quantity rises: 50 seats cost 600.00 USD, 51 seats 459.00 USD.",
        "Price",
        "business.seat",
        "Use graduated tiers, or accept that 39 to 50 seats cost more than 51.",
    ),
    Finding("renamed", "low", f"{HOSTILE} is renamed.", "Product", HOSTILE, f"Check {HOSTILE}.", HOSTILE),
    Finding("new-price", "info", "Pro tokens is new.", "Price", "pro.tokens", "Nothing to do."),
    Finding(
        "trial-shortened",
        "medium",
        "The trial is 7 days shorter.",
        "Price",
        "team.monthly",
        "Keep 14 days.",
        suppressed=Suppression("Agreed with sales", "2027-01-31"),
    ),
)

RICH = Report(
    source=Source("plan", "billing", "production", True, "acct_1Nq2", None, None),
    entries=(SEAT, VOLUME, GRADUATED, PACKAGES, YEARLY, GONE, HOOK, NAMED, NEW_TOKENS),
    findings=FINDINGS,
    counts={"create": 1, "update": 2, "replace": 5, "delete": 1, "same": 1204},
    counting=Counting("partly", "Customers were counted; counting stopped at 1,000 subscriptions a price.", 14, 2.5),
    revenue_touched={"usd": 24294400, "jpy": 18000},
    trouble=("The preview stopped early: resource team.extra failed.",),
    others={"create": 1, "update": 2},
)
EMPTY = Report(Source("catalog", base="main", head="HEAD"), ())
