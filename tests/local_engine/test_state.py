"""States, as the checkpoint writes them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from local_engine.passphrase import Crypter
from local_engine.state import ResourceState, from_json, to_json
from local_engine.values import Secret
from tests.local_engine import strategies
from tests.local_engine.stage import PASSPHRASE, SALT

URN = "urn:pulumi:dev::shop::a:b:C::x"
CRYPTER = Crypter.open(PASSPHRASE, SALT)


@given(strategies.properties, strategies.properties)
@settings(deadline=None)
def test_properties_come_back(inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
    """Written and read, inputs and outputs are as they were, secrets and unknowns included."""
    state = ResourceState(URN, "a:b:C", custom=True, inputs=inputs, outputs=outputs)
    read = from_json(json.loads(json.dumps(to_json(state, CRYPTER))), CRYPTER)
    assert (read.inputs, read.outputs) == (inputs, outputs)


def test_empty_facts_are_left_out() -> None:
    """Only urn, custom and type are always there."""
    assert to_json(ResourceState(URN, "a:b:C"), CRYPTER) == {"urn": URN, "custom": False, "type": "a:b:C"}


def test_unknown_fields_are_kept() -> None:
    """What a newer engine wrote is written again."""
    found = {"urn": URN, "custom": True, "type": "a:b:C", "taint": True}
    assert to_json(from_json(found, CRYPTER), CRYPTER) == found


def test_secrets_are_encrypted_or_masked() -> None:
    """The file holds ciphertext, people see a mask."""
    state = ResourceState(URN, "a:b:C", inputs={"key": Secret({"k": [1, "x", None, True]})})
    assert "x" not in to_json(state, CRYPTER)["inputs"]["key"]
    assert to_json(state, None)["inputs"] == {"key": "[secret]"}


def test_plaintext_of_an_export_is_read() -> None:
    """`stack export --show-secrets` writes the JSON text of a secret."""
    mark = to_json(ResourceState(URN, "a:b:C", inputs={"k": Secret(1)}), CRYPTER)["inputs"]["k"]
    del mark["ciphertext"]
    read = from_json(
        {"urn": URN, "custom": True, "type": "a:b:C", "inputs": {"k": {**mark, "plaintext": '"hush"'}}}, CRYPTER
    )
    assert read.inputs == {"k": Secret("hush")}


def test_the_written_form_is_made_once() -> None:
    """A state that did not change keeps its text, and a copy with another fact has its own."""
    state = ResourceState(URN, "a:b:C", id="1")
    assert [state.text(lambda found: found.id), state.text(lambda _: "again")] == ["1", "1"]
    assert state.copied(id="2").text(lambda found: found.id) == "2"


def test_a_change_makes_the_written_form_stale() -> None:
    """The text of a state is never older than the state."""
    state = ResourceState(URN, "a:b:C", id="1")
    state.text(lambda found: found.id)
    state.id = "2"
    assert state.text(lambda found: found.id) == "2"


def test_a_change_while_it_is_written_is_not_lost() -> None:
    """What another thread changes at this very moment is in the next text."""
    state = ResourceState(URN, "a:b:C")

    def slow(found: ResourceState) -> str:
        text = found.id
        found.id = "1"
        return text

    assert [state.text(slow), state.text(lambda found: found.id)] == ["", "1"]
