"""One provider process at work: its client, the account's objects read in pages, and what this run has made.

Shared by all resources and threads of the process. Nothing outlives it: state is Pulumi's.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import stripe

from billing_resources._engine.answers import belonging, parent_of, path_of
from billing_resources._engine.calls import call, is_replayed
from billing_resources._engine.dialect import seconds
from billing_resources._engine.marks import UNOWNED
from billing_resources._engine.once import Once
from billing_resources._engine.pace import PacedClient, Paces
from billing_resources._engine.sdk_gaps import as_json, mend
from billing_resources.errors import SettingsError, StripeRefused

if TYPE_CHECKING:
    from stripe import RequestOptions

    from billing_resources._engine.extra import Object
    from billing_resources._engine.kind import Kind
    from billing_resources._engine.settings import Settings

PAGE = 100
TIMEOUT = 60
KEYS = 3
"""How many idempotency keys a write is tried under that ends in a kept 500."""


class Session:
    """The requests of one process, with what they have taught it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.started = int(time.time())
        self.replaced: dict[str, str] = {}
        """URN -> the id that Diff saw, for the Create of its replacement."""
        self.before: dict[str, Mapping[str, Any]] = {}
        """URN -> the outputs that Diff saw of it."""
        self.made: dict[str, str] = {}
        """URN -> the id that Create answered in this process."""
        self.declared: dict[tuple[str, ...], str] = {}
        """Kind, parent, field and value of everything unique -> the URN that declares it in this run."""
        self._crowds: dict[Hashable, list[str]] = {}
        self.once = Once()
        """What was explained already in this run."""
        self._account_in_state: str | None = None
        self._changed: dict[tuple[str, str], dict[str, Object]] = {}
        self._pages: dict[tuple[str, str], dict[str, Object]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @cached_property
    def client(self) -> stripe.StripeClient:
        """The SDK's client; it retries nothing, because it would not retry 429."""
        stripe.enable_telemetry = False
        mend()
        stripe.set_app_info("billing-resources", version="0.1.0")
        return stripe.StripeClient(
            self.settings.require_key(),
            stripe_version=self.settings.api_version,
            base_addresses={"api": self.settings.api_base},
            max_network_retries=0,
            http_client=PacedClient(self._paces(), timeout=TIMEOUT),
        )

    def _paces(self) -> Paces | None:
        rate = self.settings.requests_per_second
        return None if rate is None else Paces(rate, self.settings.requests_per_endpoint)

    def service(self, kind: Kind) -> Any:
        """The SDK's service for a kind."""
        return attrgetter(f"{kind.stripe.dialect.name}.{kind.stripe.service}")(self.client)

    # Reading

    @cached_property
    def _account(self) -> Object:
        found = call(
            "read the account of the API key", self.client.v1.accounts.retrieve_current, needs="read the account"
        )
        return found.to_dict(for_json=True)

    def account(self) -> str:
        """The id of the key's account, compared with the stack's configuration and state: one request for each run."""
        with self.locked("account"):
            actual = str(self._account["id"])
        expected = self.settings.account
        if expected is not None and expected != actual:
            raise SettingsError.wrong_account(actual, expected, "stripe:account of the stack")
        if self._account_in_state not in {None, actual}:
            raise SettingsError.wrong_account(actual, str(self._account_in_state), "the stack's state")
        return actual

    def will_replace(self, urn: str, object_id: str, olds: Mapping[str, Any]) -> None:
        """Remember what Diff saw: Create and Delete are not told that they are two halves of a replacement."""
        self.replaced[urn], self.before[urn] = object_id, olds

    def expect_account_of(self, olds: Mapping[str, Any]) -> None:
        """Remember whose account the state is about; nothing is asked yet."""
        known = olds.get("account")
        if isinstance(known, str):
            self._account_in_state = known

    def same_account(self, olds: Mapping[str, Any]) -> None:
        """Refuse to touch an object whose state names another account."""
        self.expect_account_of(olds)
        self.account()

    def pages(self, kind: Kind, parent: str = "") -> dict[str, Object]:
        """Every object of a kind in the account, or of the parent, by id: read once for each process."""
        where = (kind.name, parent)
        with self.locked(" ".join(where)):
            if where not in self._pages:
                self._pages[where] = self._read_pages(kind, parent)
            return self._pages[where]

    def forget_pages(self, kind: Kind, parent: str = "") -> None:
        """Read the lists afresh next time: something unknown may have happened."""
        with self.locked(f"{kind.name} {parent}"):
            self._pages.pop((kind.name, parent), None)
            self._changed.pop((kind.name, parent), None)

    def _read_pages(self, kind: Kind, parent: str) -> dict[str, Object]:
        found: dict[str, Object] = {}
        for listing in kind.stripe.listings:
            try:
                found |= self._listed(kind, parent, listing)
            except StripeRefused as error:
                if not parent or not error.is_gone:  # what belonged to a parent goes with it
                    raise
        return found

    def _listed(self, kind: Kind, parent: str, listing: Mapping[str, Any]) -> dict[str, Object]:
        within = (parent,) if parent else ()
        params = kind.stripe.dialect.asking_in_lists({"limit": PAGE, **listing}, kind.stripe.expand)
        found: dict[str, Object] = {}
        while True:
            page = call(
                f"list every {kind.stripe.noun}",
                lambda: self.service(kind).list(*within, dict(params)),
                needs=kind.reading,
            )
            objects = [as_json(one) for one in page.data]
            found |= {one["id"]: one for one in (belonging(kind, parent, one) for one in objects)}
            more = kind.stripe.dialect.after(page, objects[-1]["id"]) if objects else None
            if more is None:
                return found
            params.update(more)

    def retrieve(self, kind: Kind, object_id: str) -> Object | None:
        """One object as it is now, or None when it is gone."""
        params = kind.stripe.dialect.asking({}, kind.stripe.expand)
        try:
            path = path_of(kind, object_id)
            found = call(f"read {object_id}", lambda: self.service(kind).retrieve(*path, params), needs=kind.reading)
        except StripeRefused as error:
            if error.is_gone:
                return None
            raise
        plain: Object = as_json(found)
        return None if plain.get("deleted") else belonging(kind, parent_of(kind, object_id), plain)

    # Writing

    def create(
        self, kind: Kind, what: str, params: Mapping[str, Any], key: str, parent: str = ""
    ) -> tuple[Object, bool]:
        """POST a new object under the idempotency key; also whether the answer may be an old one."""
        dialect, within = kind.stripe.dialect, (parent,) if parent else ()
        asked = dialect.asking(params, (*kind.stripe.expand, *kind.stripe.expand_at_create))
        options = {"idempotency_key": key}
        made = call(
            what,
            lambda: self.service(kind).create(*within, asked, options),
            needs=kind.writing,
            kept=dialect.keeps_failures,
        )
        plain = self._noted(kind, made, parent)
        headers = made.last_response.headers if made.last_response is not None else {}
        created = seconds(plain.get("created"))
        return plain, is_replayed(headers) or (created is not None and created < self.started - 300)

    def update(self, kind: Kind, what: str, object_id: str, params: Mapping[str, Any]) -> Object:
        """Update an object; the key is new for each call, so that A -> B -> A is three updates and no replay."""
        asked, path = kind.stripe.dialect.asking(params, kind.stripe.expand), path_of(kind, object_id)
        return self._write(kind, what, lambda key: self.service(kind).update(*path, asked, key))

    def act(self, kind: Kind, verb: str, object_id: str) -> Object:
        """A verb of the service on one object: deactivate, archive, delete."""
        action, path = getattr(self.service(kind), verb), path_of(kind, object_id)
        what, parent = f"{verb} {kind.stripe.noun} {object_id}", parent_of(kind, object_id)
        found = self._write(kind, what, lambda key: action(*path, {}, key), parent)
        found |= {"deleted": True} if verb == "delete" else {}  # the newer API does not say so itself
        return found

    def _write(self, kind: Kind, what: str, request: Callable[[RequestOptions], Any], parent: str = "") -> Object:
        """A write that may be repeated at will; under a new key where Stripe would only repeat its 500."""
        for _ in range(KEYS - 1):
            try:
                return self._written(kind, what, request, parent)
            except StripeRefused as error:
                if not error.is_kept:
                    raise
        return self._written(kind, what, request, parent)

    def _written(self, kind: Kind, what: str, request: Callable[[RequestOptions], Any], parent: str) -> Object:
        options: RequestOptions = {"idempotency_key": str(uuid.uuid4())}
        kept = kind.stripe.dialect.keeps_failures
        return self._noted(kind, call(what, lambda: request(options), needs=kind.writing, kept=kept), parent)

    def retire(self, kind: Kind, object_id: str) -> None:
        """Delete or archive; an object that is gone already is fine. Archiving gives up the marks as well."""
        how = kind.stripe.retire
        try:
            if isinstance(how, str):
                self.act(kind, how, object_id)
                return
            metadata = {"metadata": dict(UNOWNED)} if kind.stripe.has_metadata else {}
            self.update(kind, f"archive {kind.stripe.noun} {object_id}", object_id, {**how, **metadata})
        except StripeRefused as error:
            if not error.is_gone and self._is_alive(kind, object_id):
                raise

    def _is_alive(self, kind: Kind, object_id: str) -> bool:
        """Whether the object still is what a declaration makes; Stripe refuses to deactivate twice."""
        now = self.retrieve(kind, object_id)
        return now is not None and kind.is_alive(now)

    # What this process knows of the account: the pages, and what it changed since

    def known(self, kind: Kind, parent: str = "") -> dict[str, Object]:
        """Every object of a kind: as the pages had it, or as this process made or changed it since."""
        pages = self.pages(kind, parent)
        with self._lock:
            now = {**pages, **self._changed.get((kind.name, parent), {})}
        return {object_id: one for object_id, one in now.items() if not one.get("deleted")}

    def _noted(self, kind: Kind, answer: Any, parent: str) -> Object:
        """Stripe's answer to a write as plain JSON, remembered."""
        found = belonging(kind, parent, as_json(answer))
        with self._lock:
            self._changed.setdefault((kind.name, parent), {})[found["id"]] = found
        return found

    def place(self, crowd: Hashable, urn: str) -> int:
        """Which of its crowd the resource is, in the order of this run's checks: 0 is the first."""
        with self._lock:
            urns = self._crowds.setdefault(crowd, [])
            if urn not in urns:
                urns.append(urn)
            return urns.index(urn)

    def locked(self, name: str) -> threading.Lock:
        """One lock of this process for each name."""
        with self._lock:
            return self._locks.setdefault(name, threading.Lock())
