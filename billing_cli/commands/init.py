"""`billing init`: a new project that passes its own check, and whose first `up` works on the emulator at once."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import click

from billing_cli.commands.options import as_json
from billing_cli.new_project.contents import CI, Wanted, checked, files_of, name_for
from billing_cli.new_project.environment import has_environment, link_environment
from billing_cli.new_project.placing import Placed, place

EXIT_CODES = """\b
Exit codes:
  0  the project is there
  1  files are in the way, or something else is: nothing was written
  2  wrong usage"""


@click.command(epilog=EXIT_CODES)
@click.argument("directory", default=".", type=click.Path())
@click.option("--name", help="The project's name; that of its directory when absent.")
@click.option("--currency", default="usd", show_default=True, help="The currency of the catalog's prices.")
@click.option("--ci", type=click.Choice(CI), default="github", show_default=True, help="Whose CI to set up.")
@click.option("--force", is_flag=True, help="Replace files that are in the way; each is named.")
@as_json
def init(*, directory: str, name: str | None, currency: str, ci: str, force: bool, as_json: bool) -> None:
    """Make a new project in DIRECTORY: program, catalog, stacks, provider host and CI.

    Nothing is asked, and nothing is written if a file is in the way; equal files and further lines of .gitignore are
    not. The project's .venv becomes a link to the virtual environment that this command runs in, unless there is one.
    """
    where = Path(directory).absolute()
    wanted = checked(Wanted(name or name_for(where), currency, ci))
    placed = place(files_of(wanted), where, force=force)
    linked = link_environment(where)
    steps = next_steps(where)
    click.echo(_document(where, wanted, placed, steps) if as_json else _text(where, placed, steps, linked=linked))


def next_steps(where: Path) -> list[tuple[str, str]]:
    """What to type, and what for."""
    here = where == Path.cwd()
    change = [] if here else [(f"cd {shlex.quote(_shown(where))}", "")]
    make = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"
    return [
        *change,
        *([] if has_environment(where) else [(make, "the project's own virtual environment")]),
        ("billing check", "what is wrong with stacks/catalog.yaml: nothing yet"),
        ("billing emulator --data .billing/stripe.db", "a Stripe on this machine; leave it running"),
        ("billing up --stack local", "in a second terminal: provision the catalog; --yes does not ask"),
        ("billing catalog show", "the price list, as a customer reads it"),
    ]


def _shown(where: Path) -> str:
    return str(where.relative_to(Path.cwd()) if where.is_relative_to(Path.cwd()) else where)


def _text(where: Path, placed: Placed, steps: list[tuple[str, str]], *, linked: bool) -> str:
    named = (("written", placed.written), ("replaced", placed.replaced), ("extended", placed.extended))
    lines = [f"  {what:<9} {path}" for what, paths in named for path in paths]
    lines += [f"  linked    .venv to {sys.prefix}"] if linked else []
    width = max(len(command) for command, _ in steps)
    told = [f"  {command:<{width}}  # {why}" if why else f"  {command}" for command, why in steps]
    head = (
        f"A billing project is in {_shown(where)}" if lines else f"The billing project in {_shown(where)} is complete"
    )
    return "\n".join([head, *lines, *_notes(where), "", "Next:", *told])


def _notes(where: Path) -> list[str]:
    """What is different where the project is a folder of a repository."""
    roots = [one for one in where.parents if (one / ".git").exists()]
    is_part = bool(roots) and not (where / ".git").exists()
    ci = next((name for name in (".github", ".gitlab-ci.yml") if (where / name).exists()), None)
    if not is_part or ci is None:
        return []
    return [f"CI reads {ci} at the root of the repository only, which is {roots[0]}: docs/ci.md tells what to change"]


def _document(where: Path, wanted: Wanted, placed: Placed, steps: list[tuple[str, str]]) -> str:
    found = {
        "directory": str(where),
        "name": wanted.name,
        **{what: list(paths) for what, paths in vars(placed).items()},
    }
    return json.dumps(found | {"next": [command for command, _ in steps]}, indent=2, ensure_ascii=False)
