"""The state file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local_engine import checkpoint
from local_engine.checkpoint import Document
from local_engine.errors import StateError, UnsupportedError
from local_engine.passphrase import Crypter
from local_engine.state import Operation, ResourceState, Snapshot
from local_engine.values import Secret
from tests.local_engine.stage import PASSPHRASE, SALT, Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STACK = "organization/shop/dev"
CRYPTER = Crypter.open(PASSPHRASE, SALT)


def _snapshot() -> Snapshot:
    urn = "urn:pulumi:dev::shop::a:b:C::"
    first = ResourceState(f"{urn}x", "a:b:C", custom=True, id="1", inputs={"k": Secret("hush")})
    second = ResourceState(f"{urn}y", "a:b:C", custom=True, id="2", dependencies=[f"{urn}x"])
    return Snapshot([first, second], [Operation("creating", ResourceState(f"{urn}z", "a:b:C", custom=True))])


def test_a_snapshot_comes_back(tmp_path: Path) -> None:
    """Resources, pending operations and secrets are read as they were written."""
    read = Document(tmp_path / "dev.json", checkpoint.render(STACK, _snapshot(), CRYPTER)).open(CRYPTER)
    assert [state.id for state in read.resources] == ["1", "2"]
    assert read.resources[0].inputs == {"k": Secret("hush")}
    assert [(found.kind, found.resource.name) for found in read.pending] == [("creating", "z")]


def test_an_unchanged_resource_is_not_encrypted_again() -> None:
    """Ciphertexts stay the same from write to write, so a thousand writes cost a thousand texts, not a million."""
    snapshot = _snapshot()
    texts = [checkpoint.render(STACK, snapshot, CRYPTER).split('"ciphertext":')[1][:60] for _ in range(2)]
    assert texts[0] == texts[1]


def test_a_stack_never_written_is_empty(tmp_path: Path) -> None:
    """The first file of a stack has no resources and no salt."""
    document = Document(tmp_path / "dev.json", checkpoint.empty(STACK))
    assert (document.salt, document.open(CRYPTER).resources) == (None, [])


def _edit(change: Callable[[dict[str, Any]], object]) -> str:
    found = json.loads(checkpoint.render(STACK, _snapshot(), CRYPTER))
    change(found)
    return json.dumps(found)


BROKEN = {
    "cut": (checkpoint.render(STACK, _snapshot(), CRYPTER)[:-40], "it is not a Pulumi checkpoint"),
    "not JSON": ("hello", "it is not a Pulumi checkpoint"),
    "a list": ("[]", "it is not a Pulumi checkpoint"),
    "newer": (_edit(lambda f: f.update(version=4)), "it has version 4, and this engine reads version 3"),
    "magic": (_edit(lambda f: f["checkpoint"]["latest"]["manifest"].update(magic="0")), "magic cookie does not match"),
    "order": (_edit(lambda f: f["checkpoint"]["latest"]["resources"].reverse()), "refers to missing resource"),
    "no urn": (_edit(lambda f: f["checkpoint"]["latest"]["resources"][0].pop("urn")), "not as Pulumi writes it"),
    "no list": (_edit(lambda f: f["checkpoint"]["latest"].update(resources=3)), "not as Pulumi writes it"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    """Whatever is wrong with a file, the message names it, says why, and where to look for a good one."""
    text, why = BROKEN[name]
    with pytest.raises(StateError, match=why) as caught:
        Document(tmp_path / "dev.json", text).open(CRYPTER)
    assert str(tmp_path / "dev.json") in str(caught.value)
    assert "dev.json.bak" in str(caught.value)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_left_alone(stage: Stage, name: str) -> None:
    """No operation writes over a file it cannot read, and no program is started."""
    stage.state_file.write_text(BROKEN[name][0])
    for operation in (stage.preview, stage.up, stage.refresh, stage.destroy):
        with pytest.raises(StateError):
            operation()
    assert stage.state_file.read_text() == BROKEN[name][0]
    assert stage.events == []


def test_an_empty_manifest_is_accepted(tmp_path: Path) -> None:
    """Files without a manifest exist, and the CLI takes them."""
    text = _edit(lambda f: f["checkpoint"]["latest"].update(manifest={"time": "", "magic": "", "version": ""}))
    assert len(Document(tmp_path / "dev.json", text).open(CRYPTER).resources) == 2


def test_another_secrets_provider_is_refused(tmp_path: Path) -> None:
    """Only passphrases are read here; the sentence names the CLI."""
    text = _edit(lambda f: f["checkpoint"]["latest"]["secrets_providers"].update(type="cloud"))
    with pytest.raises(UnsupportedError, match=r"secrets provider 'cloud'; use the Pulumi CLI"):
        assert Document(tmp_path / "dev.json", text).salt
