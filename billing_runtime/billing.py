"""`Billing`: one stack's manifest, one Stripe account, one store."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self

from billing_runtime import _inputs
from billing_runtime._books.commit import Ledger
from billing_runtime._context import Context
from billing_runtime._inbox.secrets import WebhookSecrets
from billing_runtime._leases.leasing import Leasing
from billing_runtime._manifests import Manifests
from billing_runtime._opening import Chosen, Connection, opened
from billing_runtime._outbox.folding import FOLD_EVERY, Folding
from billing_runtime._outbox.kinds import MeterRules
from billing_runtime._outbox.outbox import Outbox
from billing_runtime._outbox.reports import REPORTS, Reports
from billing_runtime._outbox.settings import Reporting
from billing_runtime._pulumi import stack_output
from billing_runtime._sources import sourced_manifest
from billing_runtime._store import DEFAULT
from billing_runtime._stripe import Retries
from billing_runtime.access import AccessPolicy
from billing_runtime.alerts import Alerts
from billing_runtime.changing import Changing
from billing_runtime.checkout.purchases import Purchases
from billing_runtime.checkout.returning import Returns
from billing_runtime.checkout.settings import CheckoutSettings
from billing_runtime.checkout.trials import Trials
from billing_runtime.clock import system_clock
from billing_runtime.consuming import keeping
from billing_runtime.consuming.debts import Debts
from billing_runtime.consuming.failure import FailureSettings
from billing_runtime.consuming.members import Members
from billing_runtime.consuming.wrapping import Wrapping
from billing_runtime.credits.credits import Credits
from billing_runtime.credits.settings import CreditSettings
from billing_runtime.customers import Customers
from billing_runtime.duplicates import Duplicates
from billing_runtime.errors import InvalidInput
from billing_runtime.hearing import DRIFT_EVERY, INVOICE_IS_NEAR, MAY_BE_SECOND, SEATS_EVERY, Hearing
from billing_runtime.holdings import Holdings
from billing_runtime.leases import Leases, LeaseSettings
from billing_runtime.limiting import Limiting
from billing_runtime.limits.allowances import Allowances
from billing_runtime.limits.terms import LimitSettings
from billing_runtime.permissions import Permissions
from billing_runtime.personal import PersonalData
from billing_runtime.reading.calls import Reading
from billing_runtime.seats import SeatsOfEntities
from billing_runtime.subscriptions import Subscriptions
from billing_runtime.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billing_runtime._store import Store
    from billing_runtime.aio import AioBilling
    from billing_runtime.catalog import Meter, Plan, Price, Product
    from billing_runtime.clock import Clock
    from billing_runtime.duplicates import Duplicate
    from billing_runtime.finding import Finding
    from billing_runtime.held import HeldSubscription
    from billing_runtime.manifest import Manifest
    from billing_runtime.seats import SeatPolicy


class Billing(Changing, Wrapping, Limiting, Hearing, Reading):
    """What an application does with a provisioned catalog. Open one per process; threads may share it."""

    def __init__(
        self,
        context: Context,
        *,
        access: AccessPolicy | None = None,
        seats: SeatPolicy | None = None,
        count_members: Callable[[str], int] | None = None,
        secrets: WebhookSecrets | None = None,
        leases: tuple[str, LeaseSettings] | None = None,
    ) -> None:
        self._context = context
        self._holdings = Holdings(context, access or AccessPolicy())
        self._allowances = Allowances(context, self._holdings, context.limits)
        self._rules = MeterRules(lambda: context.manifest.meters, context.reporting.slice)
        self._outbox = Outbox(context, self._rules)
        self._ledger = Ledger(context.store, context.scope, context.clock, self._allowances, self._rules)
        self._debts = Debts(context, self._ledger, self._owed_use)
        self._hear(secrets or WebhookSecrets(None, {}), self._report)
        self._read()
        self.customers = Customers(context)
        self.subscriptions = Subscriptions(context, self.customers)
        self.alerts = Alerts(context, self.inbox)
        self.usage = Usage(context, self.customers, self._outbox)
        self._leasing = None if leases is None else Leasing(self._ledger, context.scope, context.clock, *leases)
        self.leases = Leases(context, self._allowances, self._leasing)
        self.members = Members(context, self._ledger, self._allowances)
        self.credits = Credits(context, self._ledger, self._allowances)
        self.seats = SeatsOfEntities(context, self.customers, policy=seats, count=count_members)
        self.purchases = Purchases(context)
        self.duplicates = Duplicates(context, Trials(context))
        self.personal_data = PersonalData(context)
        self.returns = Returns(context, self.purchases, self.duplicates)
        self._follow_up()
        self._debts.settle_if_possible()

    @classmethod
    def open(  # noqa: PLR0913 - the settings of a whole application
        cls,
        *,
        stack: str | None = None,
        manifest: Mapping[str, Any] | str | os.PathLike[str] | None = None,
        store: str | Store = DEFAULT,
        api_key: str | None = None,
        api_base: str | None = None,
        clock: Clock = system_clock,
        retries: Retries | None = None,
        project_dir: str | os.PathLike[str] | None = None,
        environ: Mapping[str, str] | None = None,
        access: AccessPolicy | None = None,
        seats: SeatPolicy | None = None,
        count_members: Callable[[str], int] | None = None,
        permissions: Permissions | None = None,
        checkout: CheckoutSettings | None = None,
        webhook_secrets: str | Sequence[str] | Mapping[str, str] | None = None,
        limits: LimitSettings | None = None,
        reporting: Reporting | None = None,
        credits: CreditSettings | None = None,  # noqa: A002 - as all of Billing calls them
        leases: str | None = None,
        lease: LeaseSettings | None = None,
        failure: FailureSettings | None = None,
        stale: timedelta = timedelta(0),
    ) -> Self:
        """Open the billing of one stack.

        The manifest is `manifest` (a path, a dict or JSON), else BILLING_MANIFEST (a path or JSON), else the output of
        `stack`: read from the state file if PULUMI_BACKEND_URL is a file:// address, else asked of the Pulumi CLI.
        The key is `api_key` or STRIPE_API_KEY; its mode must be the manifest's, before any request. Its account is
        compared with the manifest's at the first call to Stripe, or by `check_account()`: opening needs no network.
        `access` says what each status of a subscription is worth; `count_members(entity_id)` how many seats are needed.
        A webhook endpoint of an API version that is not parsed is refused. Webhooks' signing secrets are
        `webhook_secrets` or BILLING_WEBHOOK_SECRETS (several while one is replaced), else the stack's output
        `webhookSecrets`, asked of the Pulumi CLI when the first one comes. `checkout` holds URLs, `permissions` roles,
        `limits` the limits that terms lack, and how limits are called in the metadata of other tools' prices.
        `reporting` says which of Stripe's ways takes usage, and how finely, `credits` which prices buy credits.
        `leases` is a Redis (redis://host:6379/0) that lends units out, `lease` how many. `failure` says whether uses
        are allowed while the store is away, `stale` how old `subscription` may be where another process has changed it.
        """
        environ = os.environ if environ is None else environ
        source = partial(sourced_manifest, stack=stack, environ=environ, project_dir=project_dir)
        manifests = Manifests(lambda file: source(file or manifest))
        chosen = Chosen(permissions, checkout, limits, reporting, credits, failure)
        context = opened(manifests, Connection(store, api_key, api_base, environ, retries, clock, stale), chosen)
        ask = None if stack is None else partial(stack_output, stack, environ, project_dir, output="webhookSecrets")
        known = WebhookSecrets(webhook_secrets, environ, ask)
        lending = None if leases is None else (leases, lease or LeaseSettings())
        return cls(context, access=access, seats=seats, count_members=count_members, secrets=known, leases=lending)

    @property
    def manifest(self) -> Manifest:
        """Everything the manifest holds, as frozen values."""
        return self._context.manifest

    def check_account(self) -> None:
        """Ask Stripe, once, whether the key belongs to the manifest's account; every other call does so first."""
        self._context.api.check_account()

    def plans(self, kind: str | None = None) -> tuple[Plan, ...]:
        """All plans by rank, or those that an entity of this kind may have."""
        return self.manifest.plans_for(kind)

    def plan(self, name: str) -> Plan:
        """The plan of this name."""
        return self.manifest.plan(name)

    def price(self, name: str) -> Price:
        """The price of this name."""
        return self.manifest.price(name)

    def product(self, name: str) -> Product:
        """The product of this name."""
        return self.manifest.product(name)

    def meter(self, name: str) -> Meter:
        """The meter of this name."""
        return self.manifest.meter(name)

    def reload(self) -> Manifest:
        """Read the manifest again now; a file is read by itself when it changes, `pulumi stack output` is not.

        Raises what is wrong with it, and goes on with the one before.
        """
        return self._context.manifests.reload()

    def resolve_duplicates(self, entity_id: str) -> tuple[Duplicate, ...]:
        """Deal with a second subscription in a group of plans, as the cache has them; call it after every refresh."""
        return self.duplicates.resolve(entity_id)

    def _report(self) -> int:
        """Count what is owed to the store, then tell of thresholds, and Stripe of usage; 0 if nothing is due."""
        self._debts.settle_if_possible()
        return self._thresholds.work() + self._outbox.work()

    def _follow_up(self) -> None:
        """What is to be done when Stripe tells of something, and from time to time."""
        hooks, chores = self._context.hooks, self._context.chores
        for name in MAY_BE_SECOND:
            hooks.add(name, lambda told: told.entity_id and self.duplicates.resolve(told.entity_id))
        for name in REPORTS:
            hooks.add(name, Reports(self._context, self._rules, self._outbox.settling).take)
        for name in INVOICE_IS_NEAR:
            hooks.add(name, lambda told: told.entity_id and self._outbox.hasten(told.entity_id))
        hooks.add("checkout.session.*", lambda told: self.purchases.refresh(str(told.object_id)))
        keeping.follow_up(self._context, self._ledger, self._allowances)
        self.credits.follow_up()
        chores.add("old usage", FOLD_EVERY, Folding(self._context, self._rules).fold)
        chores.add("seats", SEATS_EVERY, self.seats.sweep)
        chores.add("drifted seats", DRIFT_EVERY, partial(self.seats.sweep, everyone=True))

    def doctor(self) -> tuple[Finding, ...]:
        """Look whether everything is in order: manifest, key, store, webhook endpoints, prices, subscriptions."""
        from billing_runtime.doctor import Doctor

        return Doctor(self._context, self.duplicates, self.inbox, self.usage, self._debts).examine()

    @cached_property
    def aio(self) -> AioBilling:
        """The same calls as awaitables, in threads of their own."""
        from billing_runtime.aio import AioBilling

        return AioBilling(self)

    def subscription(self, entity_id: str) -> HeldSubscription:
        """What the entity has subscribed to, from the cache alone; truthy exactly as long as it gives access.

        Without a subscription it is falsy, with the status "none" and the free plan's limits. Of several the one that
        counts is answered; `held(entity_id)` has all of them.
        """
        return self._holdings.of(_inputs.entity(entity_id))

    def held(self, entity_id: str) -> tuple[HeldSubscription, ...]:
        """Every subscription the entity has or had, newest first, from the cache alone."""
        return self._holdings.all(_inputs.entity(entity_id))

    def sync(self, entity_id: str | None = None, *, customer_id: str | None = None) -> tuple[HeldSubscription, ...]:
        """Ask Stripe for the subscriptions of an entity, or of a customer, and keep the answer; what holds now.

        For pages that a customer comes back to before the webhook has arrived. An entity without a customer, and a
        customer that is none of this stack's, have none. Raises StripeUnavailable, and then nothing has changed.
        """
        if (entity_id is None) == (customer_id is None):
            message = "sync takes an entity_id or a customer_id."
            raise InvalidInput(message)
        if entity_id is not None:
            customer_id = self._context.entities.customer_id(_inputs.entity(entity_id))
            return () if customer_id is None else self._synced(customer_id)
        return self._synced(str(customer_id))

    def _synced(self, customer_id: str) -> tuple[HeldSubscription, ...]:
        found = self._context.cache.refresh(customer_id)
        if not found:
            return ()
        self.duplicates.resolve(found[0].entity_id)
        return self._holdings.all(found[0].entity_id)

    def close(self) -> None:
        """End the workers of this process, and let go of the store and of the threads of `aio`."""
        self._background.stop()
        if self._leasing is not None:
            self._leasing.close()
        if "aio" in self.__dict__:
            self.aio.shutdown()
        self._context.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()
