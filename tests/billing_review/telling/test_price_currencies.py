"""A price in several currencies: golden texts, with every amount computed by hand."""

from __future__ import annotations

from tests.billing_review.telling.builders import SEAT, VOLUME, golden, new, replaced, same, told, updated

EUROS = same(
    "Price",
    "team.monthly",
    **{**SEAT.args, "currency_options": {"eur": {"unit_amount": 1100}, "jpy": {"unit_amount": 1800}}},
)


def test_a_currency_is_added() -> None:
    """The price stays; who pays in euros can buy it from now on."""
    assert told(updated(SEAT, currency_options={"eur": {"unit_amount": 1100}})) == golden(
        """
        Team, monthly seat: now also 11.00 EUR a seat and month.
        | Amount in EUR: ∅ → 11.00 EUR a seat and month
        $ eur
          1 seat: ∅ → 11.00 EUR; 1 × 11.00 = 11.00 EUR
          10 seats: ∅ → 110.00 EUR; 10 × 11.00 = 110.00 EUR
          50 seats: ∅ → 550.00 EUR; 50 × 11.00 = 550.00 EUR
        """
    )


def test_one_changes_and_one_goes() -> None:
    """Amounts of other currencies change on the price itself, which customers are on."""
    assert told(updated(EUROS, currency_options={"eur": {"unit_amount": 1150}})) == golden(
        """
        Team, monthly seat: 11.00 → 11.50 EUR a seat and month (+4.5 %), no longer sold in JPY.
        - Amounts in EUR change on the price itself: whoever pays so is on it already.
        - Nobody can subscribe in JPY any more.
        | Amount in EUR: 11.00 EUR a seat and month → 11.50 EUR a seat and month (+4.5 %)
        | Amount in JPY: 1,800 JPY a seat and month → ∅
        $ eur
          1 seat: 11.00 EUR → 11.50 EUR (+4.5 %); 1 × 11.50 = 11.50 EUR
          10 seats: 110.00 EUR → 115.00 EUR (+4.5 %); 10 × 11.50 = 115.00 EUR
          50 seats: 550.00 EUR → 575.00 EUR (+4.5 %); 50 × 11.50 = 575.00 EUR
        $ jpy
          1 seat: 1,800 JPY → ∅; 1 × 1,800 = 1,800 JPY
          10 seats: 18,000 JPY → ∅; 10 × 1,800 = 18,000 JPY
          50 seats: 90,000 JPY → ∅; 50 × 1,800 = 90,000 JPY
        """
    )


def test_every_currency_of_a_new_price_changes() -> None:
    """Each amount has its own old one, its own decimals and its own percentage."""
    options = {"eur": {"unit_amount": 1320}, "jpy": {"unit_amount": 2000}, "kwd": {"unit_amount": 4500}}
    assert told(replaced(EUROS, unit_amount=1400, currency_options=options)) == golden(
        """
        Team, monthly seat: 12.00 → 14.00 USD a seat and month (+16.7 %), \
11.00 → 13.20 EUR a seat and month (+20.0 %), \
1,800 → 2,000 JPY a seat and month (+11.1 %), now also 4.500 KWD a seat and month, new price, \
lookup key team_monthly moves to it.
        - The old price is archived: customers stay on it and keep its terms until somebody moves them.
        | Amount in USD: 12.00 USD a seat and month → 14.00 USD a seat and month (+16.7 %)
        | Amount in EUR: 11.00 EUR a seat and month → 13.20 EUR a seat and month (+20.0 %)
        | Amount in JPY: 1,800 JPY a seat and month → 2,000 JPY a seat and month (+11.1 %)
        | Amount in KWD: ∅ → 4.500 KWD a seat and month
        $ usd
          1 seat: 12.00 USD → 14.00 USD (+16.7 %); 1 × 14.00 = 14.00 USD
          10 seats: 120.00 USD → 140.00 USD (+16.7 %); 10 × 14.00 = 140.00 USD
          50 seats: 600.00 USD → 700.00 USD (+16.7 %); 50 × 14.00 = 700.00 USD
        $ eur
          1 seat: 11.00 EUR → 13.20 EUR (+20.0 %); 1 × 13.20 = 13.20 EUR
          10 seats: 110.00 EUR → 132.00 EUR (+20.0 %); 10 × 13.20 = 132.00 EUR
          50 seats: 550.00 EUR → 660.00 EUR (+20.0 %); 50 × 13.20 = 660.00 EUR
        $ jpy
          1 seat: 1,800 JPY → 2,000 JPY (+11.1 %); 1 × 2,000 = 2,000 JPY
          10 seats: 18,000 JPY → 20,000 JPY (+11.1 %); 10 × 2,000 = 20,000 JPY
          50 seats: 90,000 JPY → 100,000 JPY (+11.1 %); 50 × 2,000 = 100,000 JPY
        $ kwd
          1 seat: ∅ → 4.500 KWD; 1 × 4.500 = 4.500 KWD
          10 seats: ∅ → 45.000 KWD; 10 × 4.500 = 45.000 KWD
          50 seats: ∅ → 225.000 KWD; 50 × 4.500 = 225.000 KWD
        """
    )


def test_the_prices_own_currency_changes() -> None:
    """Sold in another currency: one goes, one comes, and nothing is compared."""
    assert told(replaced(SEAT, currency="eur", unit_amount=1100)).splitlines()[0] == (
        "Team, monthly seat: now also 11.00 EUR a seat and month, no longer sold in USD, new price, "
        "lookup key team_monthly moves to it."
    )


def test_a_new_price_names_every_currency() -> None:
    """The amounts of a new price stand side by side."""
    found = told(new("Price", "team.new", **{**EUROS.args, "lookup_key": "team_new"}))
    assert found.splitlines()[0] == (
        "Team, monthly seat: new price, 12.00 USD / 11.00 EUR / 1,800 JPY a seat and month, lookup key team_new."
    )


def test_tiers_in_another_currency() -> None:
    """Each currency has a table of its own; the headline says that they change alike."""
    euros = [
        {"up_to": 20, "unit_amount": 1100},
        {"up_to": 100, "unit_amount": 900},
        {"up_to": "inf", "unit_amount": 700},
    ]
    both = same("Price", "team.volume", **{**VOLUME.args, "currency_options": {"eur": {"tiers": euros}}})
    dollars = [*VOLUME.args["tiers"][:2], {"up_to": "inf", "unit_amount": 700}]
    later = [*euros[:2], {"up_to": "inf", "unit_amount": 600}]
    assert told(replaced(both, tiers=dollars, currency_options={"eur": {"tiers": later}})) == golden(
        """
        Team, monthly seat: at 101 seats and more 8.00 → 7.00 USD each (-12.5 %), \
tiers in EUR change as well, new price.
        - The old price is archived: customers stay on it and keep its terms until somebody moves them.
        | Amount in USD: 12.00 / 10.00 / 8.00 USD a seat and month in 3 volume tiers → \
12.00 / 10.00 / 7.00 USD a seat and month in 3 volume tiers
        | Amount in EUR: 11.00 / 9.00 / 7.00 EUR a seat and month in 3 volume tiers → \
11.00 / 9.00 / 6.00 EUR a seat and month in 3 volume tiers
        $ usd: The whole quantity is billed at the amount of its tier: 40 seats cost 40 × 10.00 = 400.00 USD.
          [1 to 20] 12.00 USD each → 12.00 USD each
          [21 to 100] 10.00 USD each → 10.00 USD each
          [101 and more] 8.00 USD each → 7.00 USD each
          1 seat: 12.00 USD → 12.00 USD (0.0 %); 1 × 12.00 = 12.00 USD
          20 seats: 240.00 USD → 240.00 USD (0.0 %); 20 × 12.00 = 240.00 USD
          21 seats: 210.00 USD → 210.00 USD (0.0 %); 21 × 10.00 = 210.00 USD
          100 seats: 1,000.00 USD → 1,000.00 USD (0.0 %); 100 × 10.00 = 1,000.00 USD
          101 seats: 808.00 USD → 707.00 USD (-12.5 %); 101 × 7.00 = 707.00 USD
          200 seats: 1,600.00 USD → 1,400.00 USD (-12.5 %); 200 × 7.00 = 1,400.00 USD
        $ eur: The whole quantity is billed at the amount of its tier: 40 seats cost 40 × 9.00 = 360.00 EUR.
          [1 to 20] 11.00 EUR each → 11.00 EUR each
          [21 to 100] 9.00 EUR each → 9.00 EUR each
          [101 and more] 7.00 EUR each → 6.00 EUR each
          1 seat: 11.00 EUR → 11.00 EUR (0.0 %); 1 × 11.00 = 11.00 EUR
          20 seats: 220.00 EUR → 220.00 EUR (0.0 %); 20 × 11.00 = 220.00 EUR
          21 seats: 189.00 EUR → 189.00 EUR (0.0 %); 21 × 9.00 = 189.00 EUR
          100 seats: 900.00 EUR → 900.00 EUR (0.0 %); 100 × 9.00 = 900.00 EUR
          101 seats: 707.00 EUR → 606.00 EUR (-14.3 %); 101 × 6.00 = 606.00 EUR
          200 seats: 1,400.00 EUR → 1,200.00 EUR (-14.3 %); 200 × 6.00 = 1,200.00 EUR
        """
    )
