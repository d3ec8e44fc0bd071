"""The manifest in force: read again when its file changes, kept when what is there is of no use."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, BillingError, EndpointUnreadable, ManifestInvalid, WrongStack
from billing_runtime._versions import is_readable

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path, manifest_data: Json) -> Path:
    """The manifest in a file."""
    return write(tmp_path / "manifest.json", manifest_data)


def write(path: Path, data: Any) -> Path:
    """Put another file in its place, as programs that care do."""
    new = path.with_suffix(".new")
    new.write_text(data if isinstance(data, str) else json.dumps(data))
    new.replace(path)
    return path


def renamed(data: Json, name: str) -> Json:
    """The same manifest with another name for the plan team."""
    return data | {"plans": data["plans"] | {"team": data["plans"]["team"] | {"name": name}}}


def test_a_file_that_changes(open_billing: Callable[..., Billing], path: Path, manifest_data: Json) -> None:
    """A new manifest must be in force at the next look, without anything being opened anew."""
    billing = open_billing(manifest=path)
    assert billing.plan("team").name == "Team"
    for name in ("Crew", "Gang"):
        write(path, renamed(manifest_data, name))
        assert billing.plan("team").name == name


def test_a_file_named_by_the_environment(open_billing: Callable[..., Billing], path: Path, manifest_data: Json) -> None:
    """A path in BILLING_MANIFEST must be watched as well."""
    billing = open_billing(environ={"BILLING_MANIFEST": str(path)})
    write(path, renamed(manifest_data, "Crew"))
    assert billing.plan("team").name == "Crew"


def test_a_state_file(open_billing: Callable[..., Billing], tmp_path: Path, manifest_data: Json) -> None:
    """After `up` an application must see what was provisioned, with its manifest in the stack's state file."""

    def state(name: str) -> Json:
        outputs = {"manifest": renamed(manifest_data, name)}
        return {"deployment": {"resources": [{"type": "pulumi:pulumi:Stack", "outputs": outputs}]}}

    folder = tmp_path / ".pulumi" / "stacks" / "shop"
    folder.mkdir(parents=True)
    write(folder / "dev.json", state("Team"))
    billing = open_billing(stack="dev", environ={"PULUMI_BACKEND_URL": f"file://{tmp_path}"})
    write(folder / "dev.json", state("Crew"))
    assert billing.plan("team").name == "Crew"


def test_the_working_directory_may_change(
    open_billing: Callable[..., Billing], path: Path, manifest_data: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path must mean the same file for as long as the application runs."""
    monkeypatch.chdir(path.parent)
    billing = open_billing(manifest=path.name)
    monkeypatch.chdir("/")
    write(path, renamed(manifest_data, "Crew"))
    assert billing.plan("team").name == "Crew"


@pytest.mark.parametrize("broken", ["{", "[]", '{"version": 1}', ""])
def test_a_file_edited_by_hand(
    open_billing: Callable[..., Billing],
    path: Path,
    manifest_data: Json,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    """A broken manifest must not bring a running application down: the one before stays, and that is logged once."""
    billing = open_billing(manifest=path)
    with caplog.at_level(logging.WARNING, "billing_runtime"):
        write(path, broken)
        assert [billing.plan("team").name for _ in range(3)] == ["Team"] * 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    with pytest.raises(ManifestInvalid):
        billing.reload()
    write(path, renamed(manifest_data, "Crew"))
    assert billing.plan("team").name == "Crew"


def test_a_file_that_is_gone(open_billing: Callable[..., Billing], path: Path, manifest_data: Json) -> None:
    """Between an old file and its successor there may be none: the manifest that was read still holds."""
    billing = open_billing(manifest=path)
    path.unlink()
    assert billing.plan("team").name == "Team"
    write(path, renamed(manifest_data, "Crew"))
    assert billing.plan("team").name == "Crew"


@pytest.mark.parametrize(
    "other", [{"account": "acct_other"}, {"livemode": True}, {"stack": "production"}, {"project": "other"}]
)
def test_a_file_of_another_stack(
    open_billing: Callable[..., Billing], path: Path, manifest_data: Json, other: Json
) -> None:
    """A manifest of another account, mode or stack must never take over under a running application."""
    billing = open_billing(manifest=path)
    write(path, renamed(manifest_data, "Crew") | other)
    assert billing.plan("team").name == "Team"
    with pytest.raises(BillingError):
        billing.reload()


def test_reload_by_hand(open_billing: Callable[..., Billing], path: Path, manifest_data: Json) -> None:
    """What cannot be watched can be read again when the application says so."""
    billing = open_billing(manifest=path)
    write(path, renamed(manifest_data, "Crew"))
    assert billing.reload().plan("team").name == "Crew"


def test_many_threads_see_one_manifest(open_billing: Callable[..., Billing], path: Path, manifest_data: Json) -> None:
    """While the file changes again and again, every thread must see a whole manifest, and in the end the last one."""
    billing = open_billing(manifest=path)
    with ThreadPoolExecutor(8) as pool:
        looks = [pool.submit(lambda: [billing.plan("team").name for _ in range(200)]) for _ in range(8)]
        for number in range(20):
            write(path, renamed(manifest_data, f"Team {number}"))
        seen = {name for look in looks for name in look.result()}
    assert seen <= {"Team", *(f"Team {number}" for number in range(20))}
    assert billing.plan("team").name == "Team 19"


def test_the_stack_that_was_asked_for(open_billing: Callable[..., Billing], path: Path) -> None:
    """A file of another stack than the one asked for must be refused at the start."""
    with pytest.raises(WrongStack):
        open_billing(manifest=path, stack="production")


@pytest.mark.parametrize(
    ("version", "readable"),
    [
        (None, True),
        ("2026-10-28.endive", True),
        ("2026-12-15.endive", True),
        ("2025-03-31.basil", True),
        ("2024-06-20", True),
        ("2027-03-31.fennel", False),
        ("2027-03-31", False),
        ("latest", False),
    ],
)
def test_versions_of_events(version: str | None, *, readable: bool) -> None:
    """Events are readable up to our release, and only a new name can bring what breaks."""
    assert is_readable(version) is readable


def test_an_endpoint_that_is_too_new(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Events that would not be understood must be refused at the start, not when the first one is lost."""
    manifest_data["webhook_endpoints"]["app"]["api_version"] = "2027-03-31.fennel"
    with pytest.raises(EndpointUnreadable, match="'app' sends events of API version 2027-03-31"):
        open_billing(manifest=manifest_data)
