"""The files of a new project, from the templates beside this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from string import Template
from typing import Literal, get_args

from billing_cli.errors import UsageRefused

Ci = Literal["github", "gitlab", "none"]
CI: tuple[str, ...] = get_args(Ci)
LAUNCHER = "provider/pulumi-resource-pulumi-python"
IGNORED = ".gitignore"
_FILLED_IN = ("Pulumi.yaml", "requirements.txt", "stacks/catalog.yaml")
_AS_THEY_ARE = {
    "__main__.py": "__main__.py",
    LAUNCHER: LAUNCHER,
    "stacks/Pulumi.local.yaml": "stacks/Pulumi.local.yaml",
    "stacks/Pulumi.dev.yaml": "stacks/Pulumi.dev.yaml",
    "stacks/Pulumi.staging.yaml": "stacks/Pulumi.staging.yaml",
    "stacks/Pulumi.production.yaml": "stacks/Pulumi.production.yaml",
    IGNORED: "gitignore",
}
"""Files by the names of their templates."""
_OF_CI = {
    "github": {
        ".github/workflows/billing.yml": "ci/github/billing.yml",
        ".github/workflows/billing-deploy.yml": "ci/github/billing-deploy.yml",
    },
    "gitlab": {".gitlab-ci.yml": "ci/gitlab/gitlab-ci.yml"},
    "none": dict[str, str](),
}


@dataclass(frozen=True)
class NewFile:
    """One file of a new project."""

    text: str
    executable: bool = False


@dataclass(frozen=True)
class Wanted:
    """What somebody wants of a new project."""

    name: str
    currency: str
    ci: str = "github"


def checked(wanted: Wanted) -> Wanted:
    """The same, known to be possible."""
    from billing_resources._engine.currencies import CURRENCIES
    from billing_resources.catalog.names import hint

    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", wanted.name):
        raise UsageRefused(
            f"{wanted.name!r} cannot be a project's name: pass --name with up to 100 letters, digits, hyphens, "
            "underscores and periods"
        )
    if wanted.currency not in CURRENCIES:
        near = hint(wanted.currency.lower(), CURRENCIES)
        said = near if near.startswith("did you mean") else "write its code in lower case, such as usd or eur"
        raise UsageRefused(f"{wanted.currency!r} is no currency that Stripe knows: {said}")
    return wanted


def files_of(wanted: Wanted) -> dict[str, NewFile]:
    """Every file by its path in the project."""
    words = _words(wanted)
    found = {path: NewFile(Template(_template(path)).substitute(words)) for path in _FILLED_IN}
    others = {**_AS_THEY_ARE, **_OF_CI[wanted.ci]}
    found |= {path: NewFile(_template(name), executable=path == LAUNCHER) for path, name in others.items()}
    schema = resources.files("billing_resources.catalog").joinpath("catalog.schema.json")
    found["stacks/catalog.schema.json"] = NewFile(schema.read_text(encoding="utf-8"))
    return dict(sorted(found.items()))


def name_for(directory: Path) -> str:
    """A project's name from that of its folder."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", directory.name).strip("-") or "billing"


def _words(wanted: Wanted) -> dict[str, str]:
    from decimal import Decimal

    from billing_review.money import money

    amounts = {"monthly": Decimal(1200), "yearly": Decimal(12000), "call": Decimal("0.2")}
    said = {name: money(amount, wanted.currency) for name, amount in amounts.items()}
    return {"name": wanted.name, "currency": wanted.currency, "version": metadata.version("billing-resources"), **said}


def _template(name: str) -> str:
    return resources.files("billing_cli.new_project").joinpath("templates", name).read_text(encoding="utf-8")
