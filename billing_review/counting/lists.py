"""Which lists are read, and which way is the shorter one. https://docs.stripe.com/api/subscriptions/list

A subscription is found by each of its prices, and in the list of all. One price: its own list, nothing else is as
short. Several prices: the list of all shows every subscription once, but also those that do not count. Which of the two
is shorter shows when one reads: as many pages of the list of all as there are prices (less than their own lists could
ever take), and then, if that was not all, on with what the share of prices in those pages says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from billing_review.counting.failures import Stopped
from billing_review.counting.guard import other_mode
from billing_review.counting.listing import PAGE, Listing, Page, Slice
from billing_review.counting.reader import Reader
from billing_review.counting.sweep import Show, Sweep
from billing_review.counting.tally import Tally

_SUBSCRIPTIONS, _SESSIONS = "Subscriptions", "Checkout Sessions"
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Ends:
    """What was not read to its end."""

    subscriptions: dict[str, Stopped]
    """By price; the empty name stands for all prices."""
    sessions: Stopped | None

    def of(self, prices: Iterable[str]) -> Stopped | None:
        """Why these prices are not counted to their end, if they are not."""
        names = ("", *prices)
        return next((self.subscriptions[name] for name in names if name in self.subscriptions), self.sessions)


def read(reader: Reader, tally: Tally, live: bool | None, now: float, side_by_side: int, show: Show) -> Ends:
    """Read everything that the tally is to count; objects of another mode than `live` stop it, where that is known."""
    everything = _subscriptions()

    def take(listing: Listing, page: Page) -> None:
        if live is not None and any(one["livemode"] != live for one in page.objects[:1]):
            raise Stopped(other_mode(live=live), for_all=True)
        if listing.noun == _SESSIONS:
            tally.add_sessions(page.objects)
        else:
            tally.add_subscriptions(page.objects)

    sweep = Sweep(reader.page, take, side_by_side=side_by_side, show=show)
    slices = [Slice(_subscriptions(price)) for price in tally.of]
    if len(tally.of) > 1:
        left = sweep.run([Slice(everything)], pages=len(tally.of))
        slices = left if everything in sweep.stopped or _is_shorter(left, tally) else slices
    sweep.run([*slices, Slice(_open_sessions(now))] if not _is_over(sweep) else [])
    stopped = {listing: why for listing, why in sweep.stopped.items() if not why.gone}
    by_price = {listing.name: why for listing, why in stopped.items() if listing.noun == _SUBSCRIPTIONS}
    sessions = next((why for listing, why in stopped.items() if listing.noun == _SESSIONS), None)
    return Ends(by_price, sessions)


def _is_shorter(left: list[Slice], tally: Tally) -> bool:
    """Whether the rest of the list of all has fewer pages than the lists of the prices."""
    rest = sum(one.pages for one in left)
    share = tally.uses / max(tally.subscriptions, 1)
    of_prices = max(share * (rest + tally.subscriptions / PAGE), len(tally.of))
    return rest <= of_prices


def _is_over(sweep: Sweep) -> bool:
    return any(why.for_all for why in sweep.stopped.values())


def _subscriptions(price: str = "") -> Listing:
    """Without a status: each is listed once, whatever becomes of it meanwhile, and those that ended are left out."""
    return Listing(_SUBSCRIPTIONS, "/v1/subscriptions", {"price": price} if price else {}, price)


def _open_sessions(now: float) -> Listing:
    """A session is open for a day at most."""
    params = {"status": "open", "expand": ["data.line_items"]}
    return Listing(_SESSIONS, "/v1/checkout/sessions", params, beginning=int(now) - _DAY)
