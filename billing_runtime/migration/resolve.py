"""From what was typed to one price: a key of the manifest, a lookup key, or a price id.

A price that was archived keeps its mark `billing:key`, so a key may mean several prices: all of them are listed then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime._near import near_names
from billing_runtime.errors import MigrationRefused, StripeRefused
from billing_runtime.manifest import provisioned
from billing_runtime.marks import KEY
from billing_runtime.migration.facts import PriceFacts, read_price

if TYPE_CHECKING:
    from billing_runtime.manifest import Manifest
    from billing_runtime.migration.calls import Calls

Json = dict[str, Any]
_OWNER = "billing:stack"
_PREFIX = "price_"


class Resolver:
    """Finds the two prices of a migration."""

    def __init__(self, manifest: Manifest, calls: Calls) -> None:
        self._manifest, self._calls = manifest, calls

    def pair(self, source: str, target: str | None) -> tuple[PriceFacts, PriceFacts]:
        """The old price and the new one; without a name for it, the active price of the old one's key."""
        problems: list[str] = []
        new = None if target is None else self._found(self._target(target), target, "--to", problems)
        sources = self._sources(source, target)
        old = self._found(sources, source, "--from", problems)
        if old is not None and target is None:
            new = self._successor(old, problems)
        if problems or old is None or new is None:
            raise MigrationRefused(problems)
        return old, new

    def by_id(self, price_id: str) -> PriceFacts:
        """The price with this id."""
        return read_price(self._manifest, self._calls.price(price_id))

    def _found(self, ids: list[str], name: str, option: str, problems: list[str]) -> PriceFacts | None:
        """The one price; several or none is a problem that lists what there is."""
        if len(ids) == 1:
            try:
                return self.by_id(ids[0])
            except StripeRefused as refusal:
                if refusal.status != 404:
                    raise
                problems.append(f"{option} {name}: there is no such price in account {self._manifest.account}.")
                return None
        if ids:
            listed = "".join(f"\n    {self._described(price_id)}" for price_id in ids)
            problems.append(f"{option} {name} can be any of {len(ids)} prices, name one by its id:{listed}")
        else:
            problems.append(f"{option} {name} is no price key, lookup key or price id{self._hint(name)}")
        return None

    def _target(self, name: str) -> list[str]:
        if name.startswith(_PREFIX):
            return [name]
        if name in self._manifest.prices:
            return [provisioned(self._manifest.prices[name])]
        return self._with_lookup_key(name)

    def _sources(self, name: str, target: str | None) -> list[str]:
        """What the old price can be: not the active price of the key where that is the one to go to."""
        if name.startswith(_PREFIX):
            return [name]
        retired = self._retired(name)
        sold = self._manifest.prices.get(name)
        if sold is not None and (not retired or target not in {None, name, sold.id}):
            return [provisioned(sold), *retired]
        return retired or self._with_lookup_key(name)

    def _retired(self, key: str) -> list[str]:
        """Archived prices that were once provisioned under this key, by this stack."""
        mine = {"", self._manifest.owner}
        return [
            price["id"]
            for price in self._calls.prices(active=False)
            if price["metadata"].get(KEY) == key and price["metadata"].get(_OWNER, "") in mine
        ]

    def _with_lookup_key(self, name: str) -> list[str]:
        found = (price for active in (True, False) for price in self._calls.prices(active=active, lookup_key=name))
        return [price["id"] for price in found]

    def _successor(self, old: PriceFacts, problems: list[str]) -> PriceFacts | None:
        sold = self._manifest.prices.get(old.key or "")
        if sold is None:
            what = f"its key {old.key!r} is sold no more" if old.key else "it has no mark of a key"
            problems.append(f"{old.named} has no successor, {what}: name the new price with --to.")
            return None
        return self.by_id(provisioned(sold))

    def _described(self, price_id: str) -> str:
        price = self.by_id(price_id)
        state = "active" if price.active else "archived"
        amounts = ", ".join(
            f"{facts.unit} {currency.upper()}" for currency, facts in price.amounts.items() if facts and not facts.tiers
        )
        return f"{price_id}  {state}, every {price.every}" + (f", {amounts} (minor units)" if amounts else "")

    def _hint(self, name: str) -> str:
        near = near_names(name, self._manifest.prices)
        return f": did you mean {' or '.join(near)}?" if near else "."
