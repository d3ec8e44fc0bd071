"""`billing init` as a command: names, currencies, what it says, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from billing_cli.command_line import cli
from billing_cli.errors import UsageRefused
from billing_cli.new_project.contents import Wanted, checked, files_of, name_for
from billing_resources.catalog.loader import load_catalog
from tests.end_to_end.project import ROOT

TEMPLATES = ROOT / "billing_cli" / "new_project" / "templates"


def init(*arguments: str) -> Result:
    """Run the command here; a refusal is the result's exception."""
    return CliRunner().invoke(cli, ["init", *arguments])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test is in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_says_what_it_made_and_what_comes_next() -> None:
    """Each file, the link to the environment, and the commands in the order in which they are typed."""
    done = init("shop", "--ci", "none")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "A billing project is in shop"
    assert lines[1:12] == [
        "  written   .gitignore",
        "  written   Pulumi.yaml",
        "  written   __main__.py",
        "  written   provider/pulumi-resource-pulumi-python",
        "  written   requirements.txt",
        "  written   stacks/Pulumi.dev.yaml",
        "  written   stacks/Pulumi.local.yaml",
        "  written   stacks/Pulumi.production.yaml",
        "  written   stacks/Pulumi.staging.yaml",
        "  written   stacks/catalog.schema.json",
        "  written   stacks/catalog.yaml",
    ]
    assert lines[12] == f"  linked    .venv to {sys.prefix}"
    assert [line.partition("  #")[0].strip() for line in lines[15:]] == [
        "cd shop",
        "billing check",
        "billing emulator --data .billing/stripe.db",
        "billing up --stack local",
        "billing catalog show",
    ]


def test_as_json() -> None:
    """The golden shape."""
    found = json.loads(init("my shop", "--ci", "gitlab", "--json").stdout)
    assert found["directory"] == str(Path.cwd() / "my shop")
    assert found["name"] == "my-shop"
    assert found["written"][:2] == [".gitignore", ".gitlab-ci.yml"]
    assert (found["replaced"], found["extended"]) == ([], [])
    assert found["next"][0] == "cd 'my shop'"
    assert set(found) == {"directory", "name", "written", "replaced", "extended", "next"}


def test_a_second_time_there_is_nothing_to_do() -> None:
    """The project is complete, and says so; with another name only that file is in the way."""
    init("shop")
    assert init("shop").stdout.startswith("The billing project in shop is complete\n")
    refused = init("shop", "--name", "other").exception
    assert isinstance(refused, UsageRefused)
    assert "already:\n  Pulumi.yaml\nnothing was written" in str(refused)
    done = init("shop", "--name", "other", "--force")
    assert "  replaced  Pulumi.yaml\n" in done.stdout
    assert Path("shop/Pulumi.yaml").read_text(encoding="utf-8").startswith("name: other\n")


def test_in_the_folder_itself() -> None:
    """Without a directory it is this one, and nobody has to change into it."""
    done = init("--json")
    assert json.loads(done.stdout)["next"][0] == "billing check"
    assert Path("Pulumi.yaml").is_file()


@pytest.mark.parametrize(
    ("currency", "monthly", "call"),
    [
        ("usd", "12.00 USD", "0.002 USD"),
        ("eur", "12.00 EUR", "0.002 EUR"),
        ("jpy", "1,200 JPY", "0.2 JPY"),
        ("kwd", "1.200 KWD", "0.0002 KWD"),
    ],
)
def test_amounts_are_told_in_the_currency(currency: str, monthly: str, call: str, tmp_path: Path) -> None:
    """The comments of the catalog say what its numbers mean, and it has no problems."""
    files = files_of(Wanted("shop", currency))
    text = files["stacks/catalog.yaml"].text
    assert f"# {monthly} for each seat and month" in text
    assert f"# {call} for each call beyond" in text
    (tmp_path / "catalog.yaml").write_text(text, encoding="utf-8")
    assert load_catalog(tmp_path / "catalog.yaml").data["currency"] == currency


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("a b", "usd"), "'a b' cannot be a project's name: pass --name with up to 100 letters"),
        (Wanted("", "usd"), "'' cannot be a project's name"),
        (Wanted("shop", "USD"), "'USD' is no currency that Stripe knows: did you mean usd"),
        (Wanted("shop", "xyz1"), "'xyz1' is no currency that Stripe knows: "),
    ],
)
def test_what_is_refused(wanted: Wanted, said: str) -> None:
    """One sentence, with what to write."""
    with pytest.raises(UsageRefused) as refused:
        checked(wanted)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("folder", "name"), [("shop", "shop"), ("Ada's shop", "Ada-s-shop"), ("ñ", "billing"), ("a.b_c-1", "a.b_c-1")]
)
def test_names_come_from_folders(folder: str, name: str) -> None:
    """What Pulumi takes as a name is kept, everything else is a hyphen."""
    assert name_for(Path("/home") / folder) == name


def test_a_project_within_a_repository_says_where_ci_belongs() -> None:
    """CI looks at the root of a repository only."""
    Path(".git").mkdir()
    done = init("billing")
    assert f"CI reads .github at the root of the repository only, which is {Path.cwd()}: docs/ci.md" in done.stdout
    Path("alone/.git").mkdir(parents=True)
    assert "CI reads" not in init("alone").stdout


def test_an_environment_that_is_there_is_kept() -> None:
    """A project's own .venv is never replaced by a link."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "shop/.venv"], check=True)
    done = init("shop")
    assert "linked" not in done.stdout
    assert not Path("shop/.venv").is_symlink()


def test_the_systems_python_is_never_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command was installed without a virtual environment, the first step is to make one."""
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    done = json.loads(init("shop", "--json").stdout)
    assert done["next"][1] == "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"
    assert not Path("shop/.venv").exists()


def test_templates_are_the_repositorys_own() -> None:
    """The launcher of the host and the program are the ones that this repository runs with."""
    for name in ("__main__.py", "provider/pulumi-resource-pulumi-python"):
        assert (TEMPLATES / name).read_bytes() == (ROOT / name).read_bytes()
