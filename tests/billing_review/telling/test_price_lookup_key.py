"""Where lookup keys go, in golden texts."""

from __future__ import annotations

from tests.billing_review.telling.builders import SEAT, VOLUME, golden, gone, new, replaced, told, updated

YEARLY = {**SEAT.args, "recurring": {"interval": "year"}, "unit_amount": 12000}


def test_it_moves_to_another_price() -> None:
    """Both prices say so, each from its own side, and nobody finds nothing."""
    loses, wins = updated(SEAT, lookup_key=None), updated(VOLUME, lookup_key="team_monthly")
    assert told(loses, wins) == golden(
        """
        Team, monthly seat: lookup key team_monthly moves to “Team, monthly seat in volume tiers”.
        | Lookup key: team_monthly → ∅
        """
    )
    assert told(wins, loses) == golden(
        """
        Team, monthly seat in volume tiers: lookup key team_monthly moves here from “Team, monthly seat”.
        | Lookup key: ∅ → team_monthly
        """
    )


def test_it_is_renamed() -> None:
    """An application that asks for the old one finds nothing."""
    assert told(updated(SEAT, lookup_key="team_seat")) == golden(
        """
        Team, monthly seat: lookup key team_monthly becomes team_seat.
        - An application that asks for team_monthly finds no price any more.
        | Lookup key: team_monthly → team_seat
        """
    )


def test_it_vanishes() -> None:
    """The same where nothing follows."""
    assert told(updated(SEAT, lookup_key=None)) == golden(
        """
        Team, monthly seat: lookup key team_monthly vanishes.
        - An application that asks for team_monthly finds no price any more.
        | Lookup key: team_monthly → ∅
        """
    )


def test_a_new_price_has_another() -> None:
    """Replaced and renamed at once: the old key vanishes."""
    found = told(replaced(SEAT, unit_amount=1300, lookup_key="team_2027"))
    assert found.splitlines()[0] == (
        "Team, monthly seat: 12.00 → 13.00 USD a seat and month (+8.3 %), new price, "
        "lookup key team_monthly becomes team_2027."
    )
    assert "- An application that asks for team_monthly finds no price any more." in found


def test_a_new_price_takes_it_from_one_that_goes() -> None:
    """A price written under another name takes over, and nobody finds nothing."""
    old = gone("Price", SEAT.key, **SEAT.args)
    successor = new("Price", "team.yearly", **YEARLY)
    assert told(successor, old).splitlines()[0] == (
        "Team, yearly seat: new price, 120.00 USD a seat and year, "
        "lookup key team_monthly moves here from “Team, monthly seat”."
    )
    found = told(old, successor)
    assert "lookup key team_monthly moves to “Team, yearly seat”." in found.splitlines()[0]
    assert "finds no price" not in found


def test_two_prices_swap() -> None:
    """Each says where its old one goes and where its new one comes from."""
    yearly = new("Price", "team.yearly", **{**YEARLY, "lookup_key": "team_yearly"})
    first = updated(SEAT, lookup_key="team_yearly")
    second = updated(type(yearly)("Price", "team.yearly", "same", yearly.new, yearly.new), lookup_key="team_monthly")
    assert told(first, second).splitlines()[0] == (
        "Team, monthly seat: lookup key team_monthly moves to “Team, yearly seat”, "
        "lookup key team_yearly moves here from “Team, yearly seat”."
    )
