"""The states that released versions wrote: kept for good, so that no later version finds anything to do in them.

`python -m tests.end_to_end.kept_states` keeps the one of this version, and replaces it as long as it is not released.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stripe

from stripe_emulator.server import serve
from tests.end_to_end.everything import CATALOG, first_portal
from tests.end_to_end.project import ROOT, Project, copy_project, environment

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

KEPT = Path(__file__).parent / "states"
VERSIONS = sorted(path.name for path in KEPT.iterdir())
NOW = "2026-11-01T00:00:00Z"


def keep(name: str) -> None:
    """Provision every kind in an account with counted ids, and keep catalog, settings, state and account."""
    with tempfile.TemporaryDirectory() as folder, serve(deterministic_ids=True, clock=NOW) as emulator:
        directory = Path(folder) / "project"
        copy_project(directory)
        project = Project(directory, "local", environment(directory, emulator.admin))
        project.catalog.write_text(CATALOG, encoding="utf-8")
        first_portal(stripe.StripeClient(emulator.admin.key, base_addresses={"api": emulator.url}))
        project.ok("up")
        _write(KEPT / name, project, emulator.admin.snapshot())


def _write(kept: Path, project: Project, account: dict[str, Any]) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    shutil.copy(project.catalog, kept)
    shutil.copy(project.settings, kept)
    state = project.state_file.read_text(encoding="utf-8")
    for place in (project.directory, ROOT):  # where it happens to be written is nobody's business
        state = state.replace(str(place), "/project")
    (kept / "state.json").write_text(state, encoding="utf-8")
    found = re.sub(r"whsec_\w+", "whsec_made_up", json.dumps(account, sort_keys=True))
    (kept / "stripe.json").write_text(found + "\n", encoding="utf-8")


def go_on(name: str, project: Project, emulator: EmulatorClient) -> None:
    """Put a project and an account where they were when that version had provisioned them."""
    emulator.restore(json.loads((KEPT / name / "stripe.json").read_text(encoding="utf-8")))
    shutil.copy(KEPT / name / "catalog.yaml", project.catalog)
    shutil.copy(KEPT / name / project.settings.name, project.settings)
    project.state_file.parent.mkdir(parents=True)
    shutil.copy(KEPT / name / "state.json", project.state_file)


if __name__ == "__main__":
    keep(version("billing-resources"))
