"""Everything that is compared, gathered stack by stack; whatever stands in the way is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from billing_cli.engines.workplace import Workplace, find_project
from billing_cli.errors import CliError, UsageRefused
from billing_cli.parity.stack_settings import allowed

if TYPE_CHECKING:
    from billing_cli.parity.choice import Choice
    from billing_review.parity.environment import Environment

T = TypeVar("T")


class Gathering:
    """What is compared, and every reason why it cannot be."""

    def __init__(self, choice: Choice, cwd: str, engine: str | None) -> None:
        self._choice, self._engine, self._problems = choice, engine, list(choice.problems)
        self._places = {stack: self._place(stack, cwd) for stack in choice.stacks}

    def manifests(self, *, from_catalog: bool) -> dict[str, Environment]:
        """The manifest of every stack that has one, in order."""
        in_full = not self._choice.files
        found: dict[str, Environment] = {}
        for stack, place in self._places.items():
            with self._noting():
                self._problems += allowed(place)[1]
                found[stack] = self._one(stack, place, from_catalog=from_catalog, in_full=in_full)
        return found

    def _place(self, stack: str, cwd: str) -> Workplace | None:
        """Where the stack is at home; a manifest in a file needs no project."""
        try:
            return Workplace(find_project(cwd), stack)
        except CliError:
            if stack in self._choice.files:
                return None
            raise

    def _one(self, stack: str, place: Workplace | None, *, from_catalog: bool, in_full: bool) -> Environment:
        from billing_cli.parity import manifests

        file = self._choice.files.get(stack)
        if file is not None or place is None:
            return manifests.of_file(stack, file or Path(), place)
        if from_catalog:
            return manifests.of_catalog(place, in_full=in_full)
        return manifests.of_outputs(place, self._engine)

    def accounts(self, known: dict[str, Environment], kinds: tuple[str, ...]) -> tuple[list[Environment], list[str]]:
        """The account of every stack whose manifest is known; nothing is asked where a key is missing."""
        from billing_cli.parity import accounts

        keyed: list[tuple[str, Workplace, str]] = []
        for stack, place in ((stack, self._places[stack]) for stack in known):
            with self._noting():
                if place is None:
                    raise UsageRefused(f"stack {stack} has no project here, whose settings would name its account")
                keyed.append((stack, place, accounts.key_of(place, self._engine)))
        found: list[Environment] = []
        notes: list[str] = []
        for stack, place, key in _progress(keyed, "Reading accounts"):
            with self._noting():
                account = accounts.read(known[stack], place, key, kinds)
                found.append(account.environment)
                notes += account.notes
        return found, notes

    def refuse(self) -> None:
        """Say everything that stands in the way, if anything does."""
        problems = list(dict.fromkeys(self._problems))
        if len(problems) == 1:
            raise UsageRefused(problems[0])
        if problems:
            raise UsageRefused("\n  ".join([f"these stacks cannot be compared, {len(problems)} problems:", *problems]))

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Go on after a refusal: the next stack may have one as well."""
        from billing_cli.parity.accounts import Refused
        from billing_runtime import ManifestError

        try:
            yield
        except Refused as error:
            self._problems += error.reasons
        except (CliError, ManifestError) as error:
            self._problems.append(str(error))


def _progress(items: Iterable[T], title: str) -> Iterator[T]:
    """The items, with a bar on a terminal's standard error."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(list(items), title, console=console, transient=True, disable=not console.is_terminal)
