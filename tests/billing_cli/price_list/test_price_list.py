"""The price list says what a customer would read; every amount and share here is written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_cli.errors import UsageRefused
from billing_cli.price_list import words
from billing_cli.price_list.formats import as_html, as_json, as_md, as_term
from billing_cli.price_list.listing import ListedPlan, ListedPrice, PriceList
from billing_cli.price_list.reading import price_list
from billing_resources.catalog.loader import load_catalog
from billing_review.pricing import Pricing, Tier

Listed = Callable[..., PriceList]
CATALOG = """\
version: 1
currency: usd
meters:
  tokens: {display_name: AI tokens, event_name: tokens, default_aggregation: sum}
features:
  sso: {lookup_key: sso, name: Single sign-on}
plans:
  team:
    name: Team
    description: For everybody who works together.
    badge: Popular
    rank: 2
    audience: [organization]
    unit_label: member
    limits:
      projects: unlimited
      tokens: {included: 10000, overage: bill, meter: tokens}
      exports: {included: 5, per: day}
    features: {support: business hours, audit: included}
    entitlements: [sso]
    prices:
      monthly:
        unit_amount: 1250
        recurring: month
        seats: {mode: follow, minimum: 2, maximum: 500}
        trial_days: 14
        tax_behavior: exclusive
        currency_options: {eur: {unit_amount: 1150}, jpy: {unit_amount: 1900}}
      yearly:
        unit_amount: 12000
        recurring: year
        seats: {mode: follow, minimum: 2, maximum: 500}
        currency_options: {eur: {unit_amount: 11040}}
      quarterly:
        unit_amount: 3749
        recurring: {interval: month, interval_count: 3}
        seats: {mode: follow, minimum: 2, maximum: 500}
      tokens:
        tiers_mode: graduated
        recurring: {interval: month, meter: tokens}
        tiers:
          - {up_to: 10000, unit_amount: 0}
          - {up_to: 1000000, unit_amount_decimal: "0.4", flat_amount: 500}
          - {up_to: inf, unit_amount_decimal: "0.3"}
      packages:
        unit_amount: 4
        transform_quantity: {divide_by: 1000, round: up}
        recurring: {interval: month, meter: tokens}
        limits: {tokens: {included: 0, overage: bill, meter: tokens}}
  free: {name: Free, free: true, limits: {projects: 3, api-calls: 0}}
products:
  onboarding: {name: Onboarding, prices: {once: {unit_amount: 9900}}}
"""
TERM = """\
Free
  free
  - 3 projects in a billing period
  - no api calls

Team  (Popular, for organizations)
  For everybody who works together.
  12.50 USD per member and month · 14 days free · 2 to 500 members · plus tax · or 11.50 EUR · or 1,900 JPY
  120.00 USD per member and year · saves 20 %: 10.00 USD a month · 2 to 500 members · or 110.40 EUR
  37.49 USD per member and 3 months · 2 to 500 members
  AI tokens: by tier
    each unit at the price of its own tier
         from         to       each      once
            1     10,000   0.00 USD
       10,001  1,000,000  0.004 USD  5.00 USD
    1,000,001   and more  0.003 USD
  AI tokens: 0.04 USD per started 1,000 · AI tokens: each is billed
  - unlimited projects
  - 10,000 AI tokens in a billing period; what is beyond it is billed
  - 5 exports a day
  - support: business hours
  - audit
  - Single sign-on

Onboarding
  99.00 USD once"""


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """The price list of a catalog's text."""

    def read(text: str = CATALOG, currency: str | None = None) -> PriceList:
        (tmp_path / "catalog.yaml").write_text(text, encoding="utf-8")
        return price_list(load_catalog(tmp_path / "catalog.yaml"), currency)

    return read


def test_the_whole_of_it(listed: Listed) -> None:
    """Plans by rank, then products; amounts, savings, tiers, trials and limits in words."""
    assert click.unstyle(as_term(listed())) == TERM


def test_in_another_currency(listed: Listed) -> None:
    """Amounts are those of the currency; what is not sold in it says so; nothing else is told beside it."""
    team = listed(currency="eur").plans[1]
    assert [(price.key, price.amount) for price in team.prices] == [
        ("team.monthly", "11.50 EUR per member and month"),
        ("team.yearly", "110.40 EUR per member and year"),
        ("team.quarterly", "not sold in EUR"),
        ("team.tokens", "not sold in EUR"),
        ("team.packages", "not sold in EUR"),
    ]
    assert team.prices[1].notes == ("saves 20 %: 9.20 EUR a month", "2 to 500 members")


def test_a_currency_that_nothing_is_sold_in(listed: Listed) -> None:
    """The refusal names those that there are."""
    with pytest.raises(UsageRefused, match="nothing is sold in gbp: the catalog has eur, jpy, usd"):
        listed(currency="gbp")


def test_the_golden_document(listed: Listed) -> None:
    """The public form: names that stay."""
    text = (
        "version: 1\ncurrency: eur\nplans: {a: {name: A, badge: New, prices: {p: {unit_amount: 5, recurring: day}}}}\n"
    )
    assert json.loads(as_json(listed(text, "eur"))) == {
        "version": 1,
        "currency": "eur",
        "plans": [
            {
                "key": "a",
                "name": "A",
                "badge": "New",
                "description": "",
                "audience": "",
                "is_free": False,
                "prices": [
                    {"key": "a.p", "amount": "0.05 EUR per day", "notes": [], "tiers_heading": "", "tiers": []},
                ],
                "included": [],
            }
        ],
        "products": [],
    }


class Texts(HTMLParser):
    """What a browser shows of a page, and the elements it makes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element."""
        del attrs
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """A text."""
        self.texts.append(data)


def test_the_page(listed: Listed) -> None:
    """Everything that the terminal shows, without a script or anything to load."""
    page = Texts()
    page.feed(as_html(listed()))
    shown = " ".join(page.texts)
    for words_of_it in (
        "12.50 USD per member and month",
        "saves 20 %: 10.00 USD a month",
        "1,000,001",
        "Single sign-on",
    ):
        assert words_of_it in shown
    assert not page.tags & {"script", "link", "img"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20))
def test_names_are_only_text(name: str) -> None:
    """Whatever a plan is called, the page shows just that and has no element more."""
    plain, odd = (as_html(PriceList(None, (ListedPlan("a", one),))) for one in ("A", f"<script>{name}"))
    pages = [Texts(), Texts()]
    for page, text in zip(pages, (plain, odd), strict=True):
        page.feed(text)
        page.close()
    assert pages[0].tags == pages[1].tags
    assert f"<script>{name}" in "".join(pages[1].texts)


def test_markdown_shows_names_as_they_are() -> None:
    """Tables, links, elements and mentions of the catalog's texts are text."""
    plan = ListedPlan("a", "<b>|*A*|", badge="[x](y)", included=("@you #1",))
    assert as_md(PriceList(None, (plan,))) == "## \\<b\\>\\|\\*A\\*\\| · \\[x\\](y)\n\n- \\@you \\#1"


def test_a_terminal_is_not_steered() -> None:
    """Control characters of a name are blanks."""
    assert "\x1b[2J" not in as_term(PriceList(None, (ListedPlan("a", "A", description="x\x1b[2Jy"),)))


def test_markdown_has_the_tiers_as_a_table(listed: Listed) -> None:
    """With a row for each."""
    text = as_md(listed())
    assert "| 10,001 | 1,000,000 | 0.004 USD | 5.00 USD |\n| 1,000,001 | and more | 0.003 USD |  |" in text
    assert "Each unit at the price of its own tier:" in text


@pytest.mark.parametrize(
    ("monthly", "other", "months", "said"),
    [
        (1200, 12000, 12, "saves 16.7 %: 10.00 USD a month"),
        (1000, 10000, 12, "saves 16.7 %: about 8.33 USD a month"),
        (1000, 6000, 12, "saves 50 %: 5.00 USD a month"),
        (1000, 12000, 12, ""),
        (1000, 13000, 12, ""),
        (1000, 0, 12, "saves 100 %: 0.00 USD a month"),
        (0, 0, 12, ""),
        (1000, 11999, 12, ""),
    ],
)
def test_savings(monthly: int, other: int, months: int, said: str) -> None:
    """Beside as many months at the monthly price, rounded to a tenth; paying more is no saving."""
    first = Pricing("usd", Decimal(monthly), interval="month")
    assert words.saving(first, Pricing("usd", Decimal(other), interval="year", interval_count=months // 12)) == said


@given(st.integers(1, 10**6), st.integers(0, 10**7))
def test_a_saving_is_never_more_than_all(monthly: int, yearly: int) -> None:
    """There is one where a year costs less than twelve months by a twentieth of a percent or more."""
    said = words.saving(
        Pricing("usd", Decimal(monthly), interval="month"), Pricing("usd", Decimal(yearly), interval="year")
    )
    assert bool(said) is (2000 * (12 * monthly - yearly) >= 12 * monthly)
    assert not said or 0 <= float(said.split()[1]) <= 100


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"included": 5}, "5 projects in a billing period"),
        ({"included": 5, "per": "lifetime"}, "5 projects in total"),
        ({"included": 5, "per": "month", "overage": "allow"}, "5 projects a month; more is allowed"),
        (
            {"included": 1500, "overage": "bill", "meter": "m"},
            "1,500 M things in a billing period; what is beyond it is billed",
        ),
        (
            {"included": 5, "rollover": {"max": "unlimited", "periods": 1}},
            "5 projects in a billing period; what is unused stays for 1 more billing period",
        ),
        (
            {
                "included": 5,
                "per": "day",
                "overage": "allow",
                "rollover": {"max": 1500, "periods": 2},
                "carry": "reset",
            },
            "5 projects a day; up to 1,500 unused stay for 2 more days; more is allowed",
        ),
        ({"included": 5, "per": "day", "rollover": {"max": 0, "periods": 2}}, "5 projects a day"),
        ({"included": 0, "overage": "bill"}, "projects: each is billed"),
        ({"included": 0, "overage": "allow"}, "projects: as many as you use"),
        ({"included": 0}, "no projects"),
        ({"included": "unlimited"}, "unlimited projects"),
        (7, "7 projects in a billing period"),
    ],
)
def test_limits_in_words(limit: object, said: str) -> None:
    """How much, of what, how long, and what is beyond it."""
    assert words.limit("projects", limit, {"m": "M things"}) == said


def test_volume_tiers_say_what_they_mean() -> None:
    """It is not the same as graduated ones."""
    tiers = (Tier(10), Tier(None))
    said = {mode: words.tiers_heading(Pricing("usd", tiers=tiers, mode=mode)) for mode in ("graduated", "volume")}
    assert said == {
        "graduated": "each unit at the price of its own tier",
        "volume": "all units at the price of the tier that their number reaches",
    }
    assert ListedPrice("a.p", "x").tiers_heading == ""
