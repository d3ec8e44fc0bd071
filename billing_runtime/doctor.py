"""Is everything in order? Manifest, key, account, store, webhooks, prices, cache, second subscriptions.

Nothing is changed. What is found is a list; what is wrong says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime._checkups import drift_findings, inbox_findings, secret_findings, usage_findings
from billing_runtime._stripe import API_VERSION
from billing_runtime._versions import is_readable
from billing_runtime.errors import BillingError, StripeRefused
from billing_runtime.finding import Finding
from billing_runtime.thresholds import threshold_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stripe.params import WebhookEndpointListParams

    from billing_runtime._context import Context
    from billing_runtime.catalog import Price, WebhookEndpoint
    from billing_runtime.consuming.debts import Debts
    from billing_runtime.duplicates import Duplicates
    from billing_runtime.inbox import Inbox
    from billing_runtime.usage import Usage

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doctor:
    """Examines one opened Billing."""

    context: Context
    duplicates: Duplicates
    inbox: Inbox
    usage: Usage
    debts: Debts

    def examine(self) -> tuple[Finding, ...]:
        """Every finding; a check that cannot be made is a fault of its own, and the others go on."""
        checks: dict[str, Callable[[], Iterator[Finding]]] = {
            "manifest": self._manifest,
            "key": self._key,
            "store": self._store,
            "webhook endpoint": self._endpoints,
            "webhook secret": lambda: secret_findings(self.context, self.inbox),
            "inbox": lambda: inbox_findings(self.inbox),
            "usage": lambda: usage_findings(self.usage),
            "debts": self.debts.findings,
            "thresholds": lambda: threshold_findings(self.context),
            "price": self._prices,
            "drift": lambda: drift_findings(self.context),
            "second subscription": self._second,
        }
        return tuple(finding for name, check in checks.items() for finding in _made(name, check))

    def _manifest(self) -> Iterator[Finding]:
        manifests, manifest = self.context.manifests, self.context.manifest
        if manifests.problem is not None:
            yield Finding("manifest", "fault", f"An older manifest is in force: {manifests.problem}")
        digest = (manifest.catalog_digest or "no digest").removeprefix("sha256:")[:12]
        yield Finding("manifest", "ok", f"Stack {manifest.owner}, catalog {digest}, from {manifests.where}.")

    def _key(self) -> Iterator[Finding]:
        self.context.api.check_account()
        mode = "live" if self.context.scope.livemode else "test"
        yield Finding("key", "ok", f"A {mode} key of account {self.context.scope.account}, as the manifest says.")

    def _store(self) -> Iterator[Finding]:
        with self.context.store.transaction(self.context.scope):
            pass
        yield Finding("store", "ok", "The store can be written.")

    def _endpoints(self) -> Iterator[Finding]:
        declared = self.context.manifest.webhook_endpoints
        if not declared:
            yield Finding("webhook endpoint", "warning", "The stack has none: nothing tells of changes.")
            return
        all_of_them: WebhookEndpointListParams = {}
        page = self.context.api.pages(
            "list webhook endpoints", all_of_them, lambda client, one: client.v1.webhook_endpoints.list(one)
        )
        there = {body["id"]: body for body in page}
        for endpoint in declared.values():
            yield _endpoint(endpoint, there.get(endpoint.id or ""))
            yield from _rotation(endpoint, there)

    def _prices(self) -> Iterator[Finding]:
        prices = [price for price in self.context.manifest.prices.values() if price.id is not None]
        faults = [finding for price in prices if (finding := self._price(price))]
        yield from faults
        if not faults:
            yield Finding("price", "ok", f"All {len(prices)} prices of the manifest are sold at Stripe.")

    def _price(self, price: Price) -> Finding | None:
        try:
            body = self.context.api.read("read a price", lambda client: client.v1.prices.retrieve(str(price.id)))
        except StripeRefused as refusal:
            if refusal.status != 404:
                raise
            said = f"{price.key} ({price.id}) is not at Stripe: run `billing refresh` and `billing up`."
            return Finding("price", "fault", said)
        if body["active"]:
            return None
        said = f"{price.key} ({price.id}) was archived since: this manifest is older than the last `billing up`."
        return Finding("price", "warning", said)

    def _second(self) -> Iterator[Finding]:
        found = self.duplicates.of()
        for one in found:
            if one.open:
                said = f"{one.subscription_id} of entity {one.entity_id!r} is still to be dealt with: sync the entity."
                yield Finding("second subscription", "fault", said)
            elif one.state == "reported":
                said = f"{one.subscription_id} stands beside {one.kept_id} of entity {one.entity_id!r}: end one."
                yield Finding("second subscription", "warning", said)
        if not found:
            yield Finding("second subscription", "ok", "No entity has had two in one group of plans.")


def _made(name: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except BillingError as error:
        return [Finding(name, "fault", str(error))]


def _endpoint(declared: WebhookEndpoint, body: Json | None) -> Finding:
    faults = list(_faults(declared, body))
    if faults:
        return Finding("webhook endpoint", "fault", f"{declared.key}: {'; '.join(faults)}: run `billing up`.")
    return Finding("webhook endpoint", "ok", f"{declared.key} sends to {declared.url}.")


def _faults(declared: WebhookEndpoint, body: Json | None) -> Iterator[str]:
    if body is None:
        yield f"{declared.id} is not at Stripe"
        return
    if body["status"] != "enabled":
        yield f"it is {body['status']} at Stripe"
    if body["url"] != declared.url:
        yield "it sends somewhere else than the manifest says"
    if not is_readable(body["api_version"]):
        yield f"its events have API version {body['api_version']}, and this package parses up to {API_VERSION}"


def _rotation(declared: WebhookEndpoint, there: dict[str, Json]) -> Iterator[Finding]:
    """Another endpoint with the same address: its secret is being rotated, and both are signed with."""
    others = [
        body["id"]
        for body in there.values()
        if body["url"] == declared.url and body["id"] != declared.id and body["status"] == "enabled"
    ]
    if others:
        said = f"{declared.key}: {', '.join(others)} sends there too: keep both secrets until the rotation has ended."
        yield Finding("webhook endpoint", "warning", said)
