"""`count`: from a change and a client to who is affected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from billing_review.counting import sentences
from billing_review.counting.affected import together
from billing_review.counting.bound import Bound
from billing_review.counting.cache import Cache
from billing_review.counting.clock import Clock
from billing_review.counting.failures import Stopped
from billing_review.counting.guard import account_of, is_live
from billing_review.counting.listing import Listing
from billing_review.counting.lists import Ends, read
from billing_review.counting.price_book import PriceBook
from billing_review.counting.reader import Reader
from billing_review.counting.revenue import monthly
from billing_review.counting.tally import Tally
from billing_review.counting.targets import Key, Targets, targets_of
from billing_review.report import Affected, Counting
from billing_review.steps import Change

if TYPE_CHECKING:
    import stripe

Groups = dict[Key, frozenset[str]]
Status = Literal["counted", "partly", "refused"]
Progress = Callable[[int, int], None]


def count(
    change: Change,
    client: stripe.StripeClient,
    *,
    bound: Bound = Bound(),  # noqa: B008 - a value that nobody can change
    progress: Progress | None = None,
    clock: Clock = Clock(),  # noqa: B008 - the same
    cache: Cache | None = None,
) -> tuple[Counting, dict[Key, Affected]]:
    """Count who is on the prices that change, by kind and key: of prices, of their plans, of products that go.

    Never raises for what Stripe says or does not say: the sentence of the counting tells it. `progress` is called in
    this thread with the calls made and the calls expected.
    """
    targets = targets_of(change)
    if not targets:
        return Counting("counted", sentences.NOBODY), {}
    begun = clock.monotonic()
    reader = Reader(client, bound, clock)
    work = _Work(change, targets, reader, bound, clock, cache, progress or (lambda _done, _expected: None))
    try:
        affected = work.run(account_of(change.source, reader, is_live(client), targets.prices.values()))
    except Stopped as stopped:
        return Counting("refused", sentences.refused(stopped), reader.calls, clock.monotonic() - begun), {}
    status, sentence = work.told(affected)
    return Counting(status, sentence, reader.calls, clock.monotonic() - begun), affected


@dataclass
class _Work:
    """One counting, with what it learns about itself."""

    change: Change
    targets: Targets
    reader: Reader
    bound: Bound
    clock: Clock
    cache: Cache | None
    progress: Progress
    reasons: list[str] = field(default_factory=list)
    """Why not everything is known."""
    age: float | None = None
    """Of the oldest count that was kept, in seconds."""

    def run(self, account: str | None) -> dict[Key, Affected]:
        """Count every group; raises Stopped where not even a beginning was made."""
        if self.targets.unknown:
            self.reasons.append(sentences.unknown(self.targets.unknown))
        groups = self._groups()
        kept = {key: found for key, prices in groups.items() if (found := self._kept(account, prices)) is not None}
        left = {key: prices for key, prices in groups.items() if key not in kept}
        return kept | (self._counted(account, left) if left else {})

    def told(self, affected: dict[Key, Affected]) -> tuple[Status, str]:
        """The status and the sentence of the counting."""
        prices = sum(kind == "Price" for kind, _ in affected)
        if not affected:
            return "refused", sentences.refused(Stopped("; ".join(self.reasons)))
        if self.reasons:
            return "partly", sentences.partly(prices, self.reader.calls, self.age, self.reasons)
        return "counted", sentences.counted(prices, self.reader.calls, self.age)

    def _groups(self) -> Groups:
        """The ids of the prices of everything that is counted."""
        groups = {key: frozenset({price}) for key, price in self.targets.prices.items()} | self.targets.plans
        for key, product in self.targets.products.items():
            try:
                groups[key] = self._prices_of(product)
            except Stopped as stopped:
                self.reasons.append(sentences.unfinished(f"prices of {key[1]}", stopped))
        return groups

    def _prices_of(self, product: str) -> frozenset[str]:
        """Every price of a product, the archived ones too: their subscribers have stayed."""
        listings = [Listing("Prices", "/v1/prices", {"product": product, "active": flag}) for flag in ("true", "false")]
        return frozenset(str(price["id"]) for one in listings for price in self.reader.everything(one))

    def _counted(self, account: str | None, groups: Groups) -> dict[Key, Affected]:
        tally = Tally(sorted(frozenset[str]().union(*groups.values())))
        ends = read(
            self.reader, tally, self.change.source.livemode, self.clock.now(), self.bound.side_by_side, self._show
        )
        self._note(ends, tally)
        revenue, unknown = self._revenue(tally)
        affected = {
            key: together(prices, tally, revenue, complete=ends.of(prices) is None and not prices & unknown)
            for key, prices in groups.items()
        }
        self._keep(account, groups, affected)
        return affected

    def _show(self, left: int) -> None:
        done = self.reader.calls
        self.progress(done, min(done + left, max(self.bound.calls, done)))

    def _note(self, ends: Ends, tally: Tally) -> None:
        """Remember why something is not known; where nobody could be counted at all it is a refusal."""
        stopped = list(ends.subscriptions.values())
        if stopped and not tally.subscriptions and (len(stopped) == len(tally.of) or "" in ends.subscriptions):
            raise stopped[0]
        told = {why.sentence: sentences.unfinished("subscriptions", why) for why in stopped}
        if ends.sessions is not None and ends.sessions.sentence not in told:
            told[ends.sessions.sentence] = sentences.unfinished("open checkout sessions", ends.sessions)
        self.reasons += told.values()

    def _revenue(self, tally: Tally) -> tuple[dict[str, dict[str, int]], set[str]]:
        """The monthly revenue of each price by currency, and the prices of which an amount is not known."""
        declared = {step.object_id: step.old for step in self.change.of("Price") if step.object_id and step.old}
        book = PriceBook(self.reader, declared)
        revenue = {price: monthly(one.paying, book.of(price, one.shown)) for price, one in tally.of.items()}
        if book.missing:
            self.reasons.append(sentences.no_amount(book.missing))
        return revenue, book.missing

    def _kept(self, account: str | None, prices: frozenset[str]) -> Affected | None:
        if self.cache is None or account is None:
            return None
        kept = self.cache.get(account, prices, self.clock.now())
        if kept is None:
            return None
        self.age = max(self.age or 0.0, kept.age)
        return kept.affected

    def _keep(self, account: str | None, groups: Groups, affected: dict[Key, Affected]) -> None:
        if self.cache is not None and account is not None:
            for key, prices in groups.items():
                self.cache.put(account, prices, affected[key], self.clock.now())
