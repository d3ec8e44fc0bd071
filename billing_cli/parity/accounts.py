"""Accounts of stacks as environments: each read with a key of its own."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_cli.engines import choose_stacks
from billing_cli.engines.workplace import project_name
from billing_cli.errors import CliError, UsageRefused
from billing_cli.parity.manifests import load
from billing_cli.parity.stack_settings import own_addresses
from billing_cli.preflight import require_answer
from billing_review.parity.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from billing_cli.engines.workplace import Workplace
    from billing_resources.inventory.account import Survey
    from billing_resources.inventory.names import Names
    from billing_resources.inventory.stock import Stock

KEY = "STRIPE_API_KEY"


@dataclass(frozen=True)
class Account:
    """What one stack's account has."""

    environment: Environment
    notes: tuple[str, ...]


def variable_of(stack: str) -> str:
    """The environment variable of a stack's key: STRIPE_API_KEY_STAGING."""
    return f"{KEY}_{re.sub(r'[^A-Z0-9]', '_', stack.upper())}"


def key_of(workplace: Workplace, engine: str | None) -> str:
    """The stack's key: from its own variable, else from its own settings.

    STRIPE_API_KEY is not asked: it is one account's, and stacks that are compared have one each.
    """
    name = variable_of(workplace.stack)
    if key := os.environ.get(name):
        return key
    if "stripe:apiKey" not in workplace.settings:
        raise UsageRefused(
            f"no Stripe API key for stack {workplace.stack}: set {name}, "
            f"or run `billing config set --secret stripe:apiKey --stack {workplace.stack}`"
        )
    return choose_stacks(engine, workplace).config_value("stripe:apiKey")


def read(known: Environment, workplace: Workplace, key: str, kinds: Sequence[str]) -> Account:
    """What the account of the key has, beside what the stack's manifest says.

    Raises OperationFailed with everything that is wrong: another account, permissions that are missing.
    """
    from billing_resources.errors import BillingResourceError
    from billing_resources.inventory.account import survey_account
    from billing_resources.inventory.stock import taken_stock

    config = {name: str(value) for name, value in workplace.settings.items() if isinstance(value, str | int)}
    base = os.environ.get("STRIPE_API_BASE") or config.get("stripe:apiBase")
    if base:
        require_answer(base)
    environ = {KEY: key, **({"STRIPE_API_BASE": base} if base else {})}
    try:
        survey = survey_account(config, environ, kinds)
    except BillingResourceError as error:
        raise Refused(workplace.stack, [str(error)]) from None
    problems = [*_of_another(known, survey.account), *survey.forbidden]
    if problems:
        raise Refused(workplace.stack, problems)
    owner = f"{known.project or project_name(workplace.directory)}/{workplace.stack}"
    return _account(known, workplace, survey, taken_stock(survey.found, owner, known=_names(workplace)))


class Refused(CliError):  # noqa: N818 - reads as what happened
    """A stack's account cannot be compared."""

    def __init__(self, stack: str, reasons: Sequence[str]) -> None:
        self.reasons = [f"account of stack {stack}: {reason}" for reason in reasons]
        super().__init__("\n  ".join(self.reasons))


def _account(known: Environment, workplace: Workplace, survey: Survey, stock: Stock) -> Account:
    objects = {(kind, name): args for kind, listed in stock.declared().items() for name, args in listed.items()}
    ids = {(kind, name): one.id for kind, listed in stock.taken.items() for name, one in listed}
    environment = Environment(
        stack=known.stack,
        origin="account",
        objects=objects,
        ids=ids,
        plans=known.plans,
        project=known.project,
        account=survey.account,
        livemode=known.livemode,
        own_addresses=own_addresses(workplace, objects),
        allowed=known.allowed,
    )
    return Account(environment, tuple(_left_out(known.stack, stock)))


def _left_out(stack: str, stock: Stock) -> Iterator[str]:
    """What the account has beside: other stacks' objects by number, and what nobody can declare one by one."""
    where = f"account of stack {stack}"
    others = Counter(one.owner.stack for one, _ in stock.left if one.owner is not None)
    for owner, number in others.items():
        yield f"{where}: left out {number} {'object' if number == 1 else 'objects'} of {owner}"
    yield from (f"{where}: left out {one.kind.name} {one.id}: {why}" for one, why in stock.left if one.owner is None)


def _of_another(known: Environment, account: str) -> list[str]:
    if known.account in {None, account}:
        return []
    way_out = f"set {variable_of(known.stack)} to a key of that account"
    return [f"the key opens {account}, but the stack was provisioned in {known.account}: {way_out}"]


def _names(workplace: Workplace) -> Names:
    """What the catalog calls objects that carry no marks; nothing where no catalog can be read."""
    from billing_resources.inventory.stock import known_names

    try:
        return known_names(load(workplace).data)
    except (CliError, OSError):
        return {}
