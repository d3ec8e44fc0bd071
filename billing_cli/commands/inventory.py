"""`billing import --account`: what Stripe has, as a catalog and as a file of imports; nothing is changed."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.check import overrides_of
from billing_cli.engines.workplace import Workplace, project_name, settings_directory
from billing_cli.errors import OperationFailed
from billing_cli.preflight import require_stripe

if TYPE_CHECKING:
    from billing_resources.inventory.stock import Stock

MINE = "  (marked as this stack's)"


def take_stock(options: dict[str, Any]) -> None:
    """Read the account, show what there is, and write the files that were asked for."""
    from billing_resources.errors import BillingResourceError

    workplace = Workplace.find(options["cwd"], options["stack"], options["config_file"])
    require_stripe(workplace)
    try:
        account, stock = _stock(workplace, options["kinds"], only_mine=options["mine"])
        written = _write(stock, account, options["catalog"], options["imports"])
    except BillingResourceError as error:
        raise OperationFailed(str(error)) from None
    if options["as_json"]:
        click.echo(json.dumps(_document(account, stock), indent=2, ensure_ascii=False))
        return
    _show(account, stock)
    for path in written:
        click.echo(f"Written: {path}")
    if options["imports"]:
        how = f"up --imports {options['imports']}" if options["mine"] else f"import --file {options['imports']}"
        click.echo(f"Next: billing {how} --stack {workplace.stack}")


def _stock(workplace: Workplace, kinds: tuple[str, ...], *, only_mine: bool) -> tuple[str, Stock]:
    from billing_resources.inventory.account import read_account
    from billing_resources.inventory.stock import taken_stock

    config = {key: str(value) for key, value in workplace.settings.items() if isinstance(value, str | int)}
    account, found = read_account(config, os.environ, kinds)
    stack = f"{project_name(workplace.directory)}/{workplace.stack}"
    return account, taken_stock(found, stack, only_mine=only_mine, known=_known(workplace) if only_mine else None)


def _known(workplace: Workplace) -> dict[tuple[str, str], str]:
    """What the catalog calls objects that carry no marks; nothing where there is no catalog that can be read."""
    from billing_resources.catalog.loader import load_catalog
    from billing_resources.catalog.problems import InvalidCatalog
    from billing_resources.inventory.stock import known_names

    path = settings_directory(workplace.directory) / "catalog.yaml"
    try:
        catalog = load_catalog(path, overrides_of(workplace.directory, workplace.stack), workplace.stack)
    except (InvalidCatalog, OSError):
        return {}
    return known_names(catalog.data)


def _write(stock: Stock, account: str, catalog: str | None, imports: str | None) -> list[Path]:
    from billing_resources.inventory import writing

    texts: dict[Path, str] = {}
    if catalog is not None:
        texts[Path(catalog)] = writing.catalog_text(stock.catalog(), account)
    if imports is not None:
        texts[Path(imports)] = writing.imports_text(stock.imports())
    writing.write_new(texts)
    return list(texts)


def _document(account: str, stock: Stock) -> dict[str, Any]:
    return {
        "account": account,
        "found": stock.imports()["resources"],
        "left": [{"kind": one.kind.name, "id": one.id, "reason": reason} for one, reason in stock.left],
    }


def _show(account: str, stock: Stock) -> None:
    click.echo(f"Account {account}")
    for kind, listed in stock.taken.items():
        click.echo(f"  {kind} ({len(listed)})")
        width = max(len(name) for name, _ in listed)
        for name, one in listed:
            click.echo(f"    {name:<{width}}  {one.id}{MINE if one.owner else ''}")
    if not stock.taken:
        click.echo("  nothing that this stack can take over")
    if stock.left:
        click.echo("Left out:")
    for reason, number in Counter(f"{one.kind.name}: {reason}" for one, reason in stock.left).items():
        click.echo(f"  {number} times: {reason}" if number > 1 else f"  {reason}")
