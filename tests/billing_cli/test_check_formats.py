"""`billing check` for editors, terminals, GitHub and GitLab, over several files and stacks."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from contextlib import closing
from pathlib import Path

from billing_cli.problem_formats import as_github, as_gitlab, as_text, at_terminal
from billing_resources.catalog.mending.fix import Edit, Fix, Span
from billing_resources.catalog.mending.located import Located
from billing_resources.catalog.problems import Problem
from tests.billing_cli.conftest import COMMAND, Billing
from tests.billing_cli.test_check import CATALOG, DEV, spoil, write
from tests.billing_cli.test_terminal import read

RANK = Located(
    Problem("stacks/catalog.yaml", "takes a whole number", ("plans", "team", "rank"), 12, 5),
    "stacks/catalog.yaml",
    12,
    5,
    Fix("write 2", Edit(Span(12, 11, 12, 14), "2")),
    "    rank: 2.0  # sk_live_abc",
)
OVERRIDE = Located(
    Problem("billing:overrides of stack dev", "100 %, a\nb", ("plans",)), "stacks/Pulumi.dev.yaml", 3, 7, Fix("stop")
)
FILE = Located(Problem("none.yaml", "there is no such file"), "none.yaml", None, None, Fix("write the file"))


def test_text_is_what_compilers_print() -> None:
    """File, line and column first, then where in the catalog; the fix stands below; what is overridden says so."""
    assert as_text([RANK, OVERRIDE, FILE], "3 problems").splitlines() == [
        "stacks/catalog.yaml:12:5: plans.team.rank: takes a whole number",
        "  fix: write 2",
        "stacks/Pulumi.dev.yaml:3:7: billing:overrides of stack dev: plans: 100 %, a",
        "b",
        "  fix: stop",
        "none.yaml: there is no such file",
        "  fix: write the file",
        "3 problems",
    ]


def test_a_terminal_shows_the_line() -> None:
    """A mark stands below the column; what looks like a key is hidden even there."""
    shown = re.sub(r"\x1b\[[\d;]*m", "", at_terminal([RANK], "1 problem")).splitlines()
    assert shown[1:3] == ["  12     rank: 2.0  # [secret]", "         ^"]
    assert shown[1].index("rank") == shown[2].index("^")


def test_github_annotations() -> None:
    """One command a line: what would end it or its properties is escaped, the end of an edit is told."""
    said = as_github([RANK, OVERRIDE], "2 problems").splitlines()
    rank = "::error file=stacks/catalog.yaml,line=12,col=5,endLine=12,endColumn=14,title=billing check"
    plans = "::error file=stacks/Pulumi.dev.yaml,line=3,col=7,title=billing check"
    assert said == [
        f"{rank}::plans.team.rank: takes a whole number. Fix: write 2",
        f"{plans}::billing:overrides of stack dev: plans: 100 %25, a%0Ab. Fix: stop",
        "2 problems",
    ]
    assert as_github([], "no problems") == "no problems"


def test_gitlab_code_quality() -> None:
    """What GitLab requires of an entry; the fingerprint is the problem's, wherever its line went."""
    moved = Located(RANK.problem, RANK.file, 40, 5, RANK.fix)
    first, second, third = json.loads(as_gitlab([RANK, moved, OVERRIDE], ""))
    assert first == {
        "description": "plans.team.rank: takes a whole number. Fix: write 2",
        "check_name": "billing check",
        "fingerprint": second["fingerprint"],
        "severity": "blocker",
        "location": {"path": "stacks/catalog.yaml", "lines": {"begin": 12}},
    }
    assert second["location"]["lines"] == {"begin": 40}
    assert third["fingerprint"] != first["fingerprint"]
    assert re.fullmatch(r"[0-9a-f]{64}", first["fingerprint"])


def test_paths_are_those_of_the_repository(billing: Billing, shop: Path) -> None:
    """A project in a folder of its repository is annotated there: CI names the repository's root."""
    spoil(shop, ("rank: 2", "rank: two"))
    done = billing("check", "--format", "github", GITHUB_WORKSPACE=str(shop.parent))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"::error file=shop/{CATALOG},line=42,col=5,title=billing check::plans.team.rank: ")
    report = json.loads(billing("check", "--format", "gitlab", CI_PROJECT_DIR=str(shop.parent)).stdout)
    assert [one["location"] for one in report] == [{"path": f"shop/{CATALOG}", "lines": {"begin": 42}}]


def test_several_catalogs_and_stacks(billing: Billing, shop: Path) -> None:
    """Each file is checked as each named stack changes it; what is wrong in the file itself is told once."""
    spoil(shop, ("rank: 2", "rank: two"))
    write(shop, "other.yaml", "version: 1\nplans: {a: {nme: A}}\n")
    override = "config:\n  billing:overrides: {plans: {team: {badge: 5}}}\n"
    write(shop, DEV, override)
    write(shop, "stacks/Pulumi.staging.yaml", override)
    done = billing("check", CATALOG, "other.yaml", "--stack", "dev", "--stack", "local", "--json")
    assert done.returncode == 1
    found = [(one["location"]["file"], one["path"]) for one in json.loads(done.stdout)["problems"]]
    assert found.count((CATALOG, "plans.team.rank")) == 1
    assert set(found) >= {(DEV, "plans.team.badge"), ("other.yaml", "plans.a.nme")}
    assert {file for file, _ in found} == {CATALOG, DEV, "other.yaml"}


def test_a_catalog_outside_of_a_project(billing: Billing, tmp_path: Path) -> None:
    """An editor may check any file: without a project there are no stacks to change it."""
    (tmp_path / "alone").mkdir()
    catalog = tmp_path / "alone" / "catalog.yaml"
    catalog.write_text("version: 1\nplans: {a: {name: A}}\n", encoding="utf-8")
    done = billing("check", "catalog.yaml", cwd=catalog.parent)
    assert (done.returncode, done.stdout) == (0, "catalog.yaml: no problems\n")
    assert "no Pulumi.yaml" in billing("check", cwd=catalog.parent).stderr


def test_two_forms_are_one_too_many(billing: Billing) -> None:
    """`--json` is a form of its own."""
    done = billing("check", "--json", "--format", "github")
    assert (done.returncode, "--json is --format json, not --format github" in done.stderr) == (2, True)


def test_at_a_terminal(shop: Path) -> None:
    """The line and its mark are shown there, and only there."""
    spoil(shop, ("rank: 2", "rank: two"))
    ours, theirs = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen([COMMAND, "check"], cwd=shop, env=environ, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        with closing(os.fdopen(ours, "rb", buffering=0)) as screen:
            seen = b"".join(iter(lambda: read(screen.fileno()), b"")).decode()
    shown = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", seen).replace("\r\n", "\n").splitlines()
    assert run.returncode == 1
    assert shown[1:4] == ["  42     rank: two", "         ^", "  fix: write a whole number: rank: 10"]
