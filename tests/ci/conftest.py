"""A repository, its GitHub, and a machine that has installed what the workflows install."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.ci.actions_runner import FakeGh, Runner, read_workflow
from tests.ci.shop import Shop
from tests.end_to_end.project import ROOT
from tests.end_to_end.wheel import bring_dependencies, build_wheel

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

GITHUB = ROOT / "examples" / "ci" / "github"
Machine = Callable[..., Runner]


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The package index, for pip: a folder with this package alone."""
    folder = tmp_path_factory.mktemp("index")
    build_wheel(folder)
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_NO_DEPS": "1"}


@pytest.fixture
def shop(tmp_path: Path, stripe_emulator: EmulatorClient) -> Shop:
    """A new project, committed."""
    made = Shop(tmp_path, stripe_emulator)
    made.begin()
    return made


@pytest.fixture
def gh(tmp_path: Path) -> FakeGh:
    """GitHub, as far as its command is asked."""
    found = FakeGh(tmp_path / "gh")
    found.install()
    return found


@pytest.fixture(scope="session")
def installed(index: dict[str, str], tmp_path_factory: pytest.TempPathFactory, stripe_emulator_server: Any) -> Path:
    """What the step Install makes of a checkout, run once as it is written; dependencies come by path."""
    stripe_emulator_server.admin.reset()
    folder = tmp_path_factory.mktemp("installing")
    made = Shop(folder, stripe_emulator_server.admin)
    made.begin()
    job = read_workflow(GITHUB / "billing.yml")["jobs"]["check"]
    steps = [step for step in job["steps"] if step.get("name") != "Check"]
    (folder / "machine").mkdir()
    runner = Runner(made.repository, folder / "machine", made.environ | index, {}, folder / "artifacts")
    ran = runner.run({**job, "steps": steps})
    assert ran.codes == {"Install": 0}, ran.printed
    bring_dependencies(runner.workspace / ".venv")
    return runner.workspace / ".venv"


@pytest.fixture
def machine(shop: Shop, gh: FakeGh, installed: Path, tmp_path: Path) -> Machine:
    """A new machine for a job, with what GitHub knows about the run."""
    count = iter(range(100))

    def new(**contexts: Any) -> Runner:
        folder = tmp_path / f"machine{next(count)}"
        folder.mkdir()
        environ = {**shop.environ, "PATH": f"{gh.folder}:{shop.environ['PATH']}"}
        return Runner(shop.repository, folder, environ, contexts, tmp_path / "artifacts", installed)

    return new
