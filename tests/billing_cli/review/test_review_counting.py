"""When `billing review` counts customers, and what it says when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.billing_cli.review.answers import Review, dearer, refused

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient


def test_counting_needs_a_key(review: Review) -> None:
    """Asked for without one it is refused; a key alone is enough to be asked."""
    said = refused(review("--plan", "-", "--count", said=dearer()))
    assert said == "--count needs STRIPE_API_KEY in the environment: a restricted key that may read is enough"


def test_not_counting_says_so(review: Review, stripe_emulator: EmulatorClient) -> None:
    """With --no-count nothing is asked of Stripe although there is a key."""
    answer = review("--plan", "-", "--no-count", "--json", said=dearer(), **_at(stripe_emulator))
    assert answer.report["counting"]["status"] == "not_asked"
    assert answer.report["counting"]["sentence"] == "Nobody looked who is affected: --no-count said so."


def _at(emulator: EmulatorClient, key: str | None = None) -> dict[str, str]:
    return {"STRIPE_API_KEY": key or emulator.key, "STRIPE_API_BASE": emulator.url}


def test_a_key_of_another_account_counts_nobody(review: Review, stripe_emulator: EmulatorClient) -> None:
    """Nobody on the price there would be a wrong zero: the report says that nobody could look."""
    found = review("--plan", "-", "--json", said=dearer(), **_at(stripe_emulator)).report
    assert found["counting"]["status"] == "refused"
    assert found["entries"][0]["affected"] is None


def test_a_live_key_is_not_sent_elsewhere(review: Review, stripe_emulator: EmulatorClient) -> None:
    """By default the review goes on without counting; asked for, it is refused. The key is in no message."""
    where = _at(stripe_emulator, "sk_live_veryhidden")
    answer = review("--plan", "-", "--json", said=dearer(), **where)
    assert answer.code == 0
    assert answer.report["counting"]["status"] == "refused"
    said = refused(review("--plan", "-", "--count", said=dearer(), **where))
    assert "veryhidden" not in said + answer.out
