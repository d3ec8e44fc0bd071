"""The provider that Pulumi pickles into the state. Its path is frozen: ``billing_resources.provider.load`` and a kind.

It holds no client, key or model, so that its 80 bytes never change and never need this version of the package.
https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.rpc import wrap_rpc_secret

from billing_resources._engine import lifecycle
from billing_resources._engine.checking import check, sentence, without_provider
from billing_resources._engine.diff import diff, removes_first, replacing
from billing_resources._engine.facts import has_deferred
from billing_resources._engine.kind import REGISTRY, Kind
from billing_resources._engine.settings import Settings
from billing_resources._engine.target import Target
from billing_resources.errors import BillingResourceError

if TYPE_CHECKING:
    from billing_resources._engine.session import Session

CONFIG_KEYS = (
    "stripe:apiKey",
    "stripe:apiBase",
    "stripe:apiVersion",
    "stripe:mode",
    "stripe:account",
    "stripe:rateLimit",
    "billing:allowDestructive",
)


def load(kind: str) -> StripeProvider:
    """The provider of a kind; this path and name are in users' state."""
    import billing_resources._engine.every_kind  # noqa: F401 - fills the registry

    return StripeProvider(REGISTRY[kind])


@cache
def blob(kind: str) -> str:
    """The pickled provider of a kind, as the SDK puts it into the state."""
    pickled: str = serialize_provider(load(kind))
    return pickled


@cache
def session_for(settings: Settings) -> Session:
    """One session for each process and settings, shared by all kinds and threads."""
    from billing_resources._engine.session import Session  # with Stripe's SDK, which programs have no use for

    return Session(settings)


def with_secrets(kind: Kind, outs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs with those wrapped that nobody may read."""
    sealed = [name for name in kind.stripe.secret if name in outs and not has_deferred(outs[name])]
    return {**outs, **{name: wrap_rpc_secret(outs[name]) for name in sealed}}


M = TypeVar("M", bound=Callable[..., Any])


def _explained_once(method: M) -> M:
    """An explanation that holds for many resources stands in the first one's error only."""

    @wraps(method)
    def explained(self: StripeProvider, *args: Any) -> Any:
        try:
            return method(self, *args)
        except BillingResourceError as error:
            error.args = (self.session.once.text(error),)
            raise

    return cast("M", explained)


class StripeProvider(ResourceProvider):
    """One kind on Pulumi's stock host, which tells neither URN nor old inputs; our own host does more."""

    serialize_as_secret_always = False

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.settings = Settings.of({})

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """Pickled as a path and a kind."""
        return load, (self.kind.name,)

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's ``stripe:*`` configuration; no request is made."""
        from billing_resources._engine.calls import quiet

        found = {key: req.config.get(key) for key in CONFIG_KEYS}
        self.settings = Settings.of({key: str(value) for key, value in found.items() if value is not None})
        self.settings.guard()
        quiet()
        if not os.environ.get("BILLING_DEBUG"):
            sys.tracebacklimit = 0  # the stock host shows every error as a traceback: only its last line is ours

    @property
    def session(self) -> Session:
        """What all kinds of this process share."""
        return session_for(self.settings)

    def _target(self, props: dict[str, Any]) -> Target:
        key = str(props.get("_key", ""))
        return Target(self.kind, f"{self.kind.name}::{key}", str(props.get("_stack", "")), key)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Validate; every problem of the resource at once."""
        inputs, found = check(self._target(news), news, self.session)
        return CheckResult(inputs, [CheckFailure("", sentence(problem)) for problem in found])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare by meaning; no request is made."""
        self.session.expect_account_of(_olds)
        changes = diff(self.kind, {**_olds, "id": _id}, _news)
        replaces = replacing(changes)
        if replaces:
            self.session.will_replace(self._target(_news).urn, _id, _olds)
        first = removes_first(self.kind, _olds, _news)
        return DiffResult(changes=bool(changes), replaces=replaces, delete_before_replace=first)

    @_explained_once
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make the object."""
        object_id, outs = lifecycle.create(self.session, self._target(props), without_provider(props))
        return CreateResult(object_id, with_secrets(self.kind, outs))

    @_explained_once
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the object in place."""
        olds, news = without_provider(_olds), without_provider(_news)
        outs = lifecycle.update(self.session, self._target(_news), _id, olds, news)
        return UpdateResult(with_secrets(self.kind, outs))

    @_explained_once
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Refresh from Stripe; an empty id says that the object is gone."""
        found = lifecycle.read(self.session, self._target(props), id_, without_provider(props), {})
        if found is None:
            return ReadResult("", {})
        inputs, outs = found
        return ReadResult(id_, with_secrets(self.kind, outs), inputs)

    @_explained_once
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete or archive the object."""
        lifecycle.delete(self.session, self._target(_props), _id, without_provider(_props))
