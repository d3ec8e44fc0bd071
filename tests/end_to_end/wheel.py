"""This package as people install it: a wheel, in a virtual environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.end_to_end.project import ROOT

SOURCES = ("pyproject.toml", "README.md", "LICENSE")
ROOMS = ("billing_resources", "billing_runtime", "billing_review", "billing_cli", "stripe_emulator", "local_engine")


def build_wheel(directory: Path) -> Path:
    """Build the wheel from a copy of the sources, without anything from the network."""
    source = directory / "source"
    source.mkdir()
    for name in SOURCES:
        shutil.copy2(ROOT / name, source / name)
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    _pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(directory), str(source))
    return next(directory.glob("billing_resources-*.whl"))


def make_environment(directory: Path) -> Path:
    """A virtual environment that has what this one has, but not this package."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(directory)], check=True)
    bring_dependencies(directory)
    return directory


def bring_dependencies(environment: Path) -> None:
    """What the package index would have brought: our own environment's packages, by their path.

    The link that makes this package editable there is not followed, since path files of other folders are not read.
    """
    packages = next(environment.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")


def install(wheel: Path, environment: Path) -> Path:
    """Install the wheel; answers the `billing` command."""
    _pip(
        "--python",
        str(environment / "bin" / "python"),
        "install",
        "--no-index",
        "--no-deps",
        "--ignore-installed",
        str(wheel),
    )
    return environment / "bin" / "billing"


def _pip(*arguments: str) -> None:
    line = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
