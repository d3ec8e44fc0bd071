"""`billing parity`: whether stacks sell the same, and what the one before would change in the next."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.options import as_json, cwd, engine
from billing_cli.errors import UsageRefused
from billing_cli.parity.choice import Choice
from billing_cli.parity.gathering import Gathering

if TYPE_CHECKING:
    from billing_review.parity.environment import Environment
    from billing_review.parity.parity import Parity

DIFFERENT = 3


@click.command()
@click.argument("stacks", nargs=-1)
@click.option("--manifest", "manifests", multiple=True, metavar="STACK=FILE", help="A stack's manifest from a file.")
@click.option(
    "--from-catalog", is_flag=True, help="Compare what the catalog declares for each stack; nothing is asked."
)
@click.option(
    "--accounts", is_flag=True, help="Compare the accounts at Stripe, too; a key each: STRIPE_API_KEY_<STACK>."
)
@click.option("--kind", "kinds", multiple=True, help="With --accounts: read only this kind of object, such as Price.")
@click.option("--against-first", is_flag=True, help="Compare each with the first instead of with the one before it.")
@engine
@as_json
@cwd
def parity(*, stacks: tuple[str, ...], from_catalog: bool, accounts: bool, as_json: bool, **options: Any) -> None:
    """Tell whether STACKS, named in promotion order, sell the same.

    Ids, accounts and the addresses that a stack's overrides declare are each stack's own. What else may differ stands
    in its settings, with a reason, under billing:allowedDifferences. Ends with 3 where anything else differs.
    """
    if from_catalog and accounts:
        raise UsageRefused("--from-catalog asks nobody and --accounts asks Stripe: pass one of them")
    gathered = Gathering(Choice.of(stacks, options["manifests"]), options["cwd"], options["engine"])
    known = gathered.manifests(from_catalog=from_catalog)
    there, notes = gathered.accounts(known, _kinds(options["kinds"])) if accounts else ([], [])
    gathered.refuse()
    found = _compared([list(known.values()), there], notes, against_first=options["against_first"])
    _show(found, as_json=as_json)
    raise click.exceptions.Exit(0 if found.is_equal else DIFFERENT)


def _kinds(asked: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that were asked for, spelled as declarations spell them."""
    from billing_resources._engine import every_kind
    from billing_resources._engine.kind import REGISTRY
    from billing_resources.catalog.names import hint

    assert every_kind  # noqa: S101 - imported for filling the registry
    for kind in asked:
        if kind not in REGISTRY:
            raise UsageRefused(f"--kind {kind} is no kind of object: {hint(kind, REGISTRY)}")
    return asked


def _immutable() -> dict[str, frozenset[str]]:
    """By kind, the fields that Stripe cannot change in place."""
    from billing_resources._engine import every_kind
    from billing_resources._engine.facts import Immutable
    from billing_resources._engine.kind import REGISTRY

    assert every_kind  # noqa: S101 - imported for filling the registry
    return {
        name: frozenset(field.name.removesuffix("_decimal") for field in kind.fields if field.has(Immutable))
        for name, kind in REGISTRY.items()
    }


def _compared(groups: list[list[Environment]], notes: list[str], *, against_first: bool) -> Parity:
    from billing_review.parity.parity import Parity, compare_all

    today = datetime.now(UTC).date()
    found = compare_all(groups, today, immutable=_immutable(), against_first=against_first)
    return Parity(found.pairs, (*found.notes, *notes))


def _show(found: Parity, *, as_json: bool) -> None:
    from billing_cli.parity.view import lines
    from billing_review.parity.document import document

    click.echo(json.dumps(document(found), indent=2, ensure_ascii=False) if as_json else "\n".join(lines(found)))
