"""The same change of a catalog from both sources: a plan of the local engine, and a comparison without any account."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import local_engine
from billing_cli.review.comparison import compared
from billing_cli.review.sides import Side
from billing_resources.catalog.document import parse
from billing_resources.catalog.loader import catalog_of
from billing_review.reading import read_catalogs, read_plan
from billing_review.steps import Change, Step
from tests.end_to_end.project import copy_project, environment

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

Data = dict[str, Any]
PATH = "stacks/catalog.yaml"


@dataclass(frozen=True)
class Stage:
    """A project whose stack was provisioned with one catalog."""

    directory: Path
    environ: dict[str, str] = field(repr=False)
    base: Data = field(repr=False)

    @classmethod
    def provision(cls, directory: Path, emulator: EmulatorClient, base: Data) -> Stage:
        """Make the project, and everything in its catalog."""
        copy_project(directory)
        stage = cls(directory, environment(directory, emulator), base)
        stage._write(base)
        local_engine.stack_init(local_engine.load_project(directory), "local", environ=stage.environ)
        assert local_engine.up(stage._run()).exit_code == 0
        return stage

    def planned(self, head: Data) -> str:
        """What `preview --json` prints for another catalog."""
        self._write(head)
        result = local_engine.preview(self._run())
        assert result.preview is not None
        return json.dumps(result.preview)

    def both(self, head: Data) -> tuple[Change, Change]:
        """The change to another catalog, from its plan and from the two catalogs."""
        document = between(self.base, head)
        return read_plan(self.planned(head), catalog=between(head, head)), read_catalogs(document)

    def _write(self, data: Data) -> None:
        (self.directory / PATH).write_text(json.dumps(data), encoding="utf-8")

    def _run(self) -> local_engine.Run:
        return local_engine.Run(local_engine.load_project(self.directory), "local", environ=self.environ)


def side(data: Data | None, title: str = "side") -> Side:
    """A catalog without any file."""
    if data is None:
        return Side(title, PATH)
    document = parse(json.dumps(data), PATH)
    return Side(title, PATH, catalog_of(document), document)


def between(base: Data | None, head: Data | None) -> dict[str, Any]:
    """The comparison of two catalogs, as it travels."""
    found: dict[str, Any] = json.loads(json.dumps(compared(side(base), side(head), "billing", "local")))
    return found


def bare(change: Change) -> dict[tuple[str, str], Step]:
    """The changing steps without what only one of the sources can know."""
    steps = (step for step in change.steps if step.operation != "same")
    return {(step.kind, step.key): replace(step, object_id=None, place=None) for step in steps}
