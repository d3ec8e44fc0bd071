"""Secrets under a passphrase."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_engine.errors import EngineError, PassphraseError, StateError
from local_engine.passphrase import Crypter, read_passphrase
from tests.local_engine.stage import PASSPHRASE, SALT

# Written by the real CLI: the salt of a recorded stack, its passphrase (none), and one of its secrets.
CLI_SALT = "v1:9OUVHFQLgSs=:v1:wyOYe7bYlP4NnRQb:4tyTdUAmmxeO2rw2BNjuk9jS+RHHSw=="
CLI_SECRET = "v1:yd10pWwMLX+Z5tJy:Pac1t1rL9dYf9h7HKbizbn6iHGCBGEPA"


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None)
def test_texts_come_back(text: str) -> None:
    """What was encrypted is decrypted, and never looks the same twice."""
    crypter = Crypter.open(PASSPHRASE, SALT)
    assert crypter.decrypt(crypter.encrypt(text)) == text
    assert crypter.encrypt(text) != crypter.encrypt(text)


def test_a_secret_of_the_cli_is_read() -> None:
    """Salt and secrets have the CLI's form; an empty passphrase is one."""
    assert Crypter.open("", CLI_SALT).decrypt(CLI_SECRET) == '"s3cret"'


def test_a_wrong_passphrase_is_found_at_once() -> None:
    """The proof beside the salt tells, before any secret is touched."""
    with pytest.raises(PassphraseError, match=r"^incorrect passphrase"):
        Crypter.open("wrong", SALT)


@pytest.mark.parametrize("salt", ["", "v2:x:y", "v1:only"])
def test_a_malformed_salt_is_a_sentence(salt: str) -> None:
    """A damaged salt says what to restore."""
    with pytest.raises(StateError, match="salt of this stack is malformed"):
        Crypter.open(PASSPHRASE, salt)


@pytest.mark.parametrize("sealed", ["", "v1:a", "v2:YQ==:YQ==", "v1:YQ==:!"])
def test_a_malformed_secret_is_a_sentence(sealed: str) -> None:
    """A damaged secret never becomes a traceback."""
    with pytest.raises(EngineError):
        Crypter.open(PASSPHRASE, SALT).decrypt(sealed)


def test_a_new_salt_opens_with_its_passphrase() -> None:
    """What create makes, open reads."""
    crypter = Crypter.create(PASSPHRASE)
    assert Crypter.open(PASSPHRASE, crypter.state).decrypt(crypter.encrypt("x")) == "x"


def test_the_passphrase_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    """A set but empty variable counts; a file is read without its line end."""
    file = tmp_path / "passphrase"
    file.write_text("from file\n")
    assert read_passphrase({"PULUMI_CONFIG_PASSPHRASE": "", "PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}) == ""
    assert read_passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}) == "from file"


def test_a_missing_passphrase_names_both_variables(tmp_path: Path) -> None:
    """Nobody need guess where a passphrase goes, nor which file is missing."""
    with pytest.raises(PassphraseError, match="PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"):
        read_passphrase({})
    with pytest.raises(PassphraseError, match="nowhere cannot be read"):
        read_passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "nowhere")})
