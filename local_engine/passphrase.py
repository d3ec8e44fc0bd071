"""Secrets encrypted with a passphrase, as Pulumi's `passphrase` secrets provider does it.

https://www.pulumi.com/docs/iac/concepts/secrets/#configuring-secrets-encryption
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from local_engine.errors import PassphraseError, StateError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ITERATIONS = 1_000_000
_PROOF = "pulumi"  # the text whose ciphertext, kept beside the salt, proves a passphrase right


class Decrypter(Protocol):
    """Whoever opens one sealed text."""

    def decrypt(self, sealed: str, /) -> str:
        """Decrypt one text."""
        ...


@functools.lru_cache(maxsize=64)
def _derive(passphrase: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, _ITERATIONS, 32)


def read_passphrase(environ: Mapping[str, str]) -> str:
    """Find the passphrase; a variable that is set but empty is an empty passphrase."""
    if "PULUMI_CONFIG_PASSPHRASE" in environ:
        return environ["PULUMI_CONFIG_PASSPHRASE"]
    if not (file := environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")):
        raise PassphraseError.missing()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise PassphraseError(f"the passphrase file {file} cannot be read: {why}.") from None


class Crypter:
    """Encrypts and decrypts the texts of one stack."""

    def __init__(self, key: bytes, state: str) -> None:
        self._cipher = AESGCM(key)
        self.state = state

    @classmethod
    def create(cls, passphrase: str) -> Crypter:
        """Make a new salt, and the string that keeps it."""
        salt = os.urandom(8)
        crypter = cls(_derive(passphrase, salt), "")
        crypter.state = f"v1:{base64.b64encode(salt).decode()}:{crypter.encrypt(_PROOF)}"
        return crypter

    @classmethod
    def open(cls, passphrase: str, state: str) -> Crypter:
        """Use a kept salt; the passphrase is proved before anything else happens."""
        version, _, rest = state.partition(":")
        salt, _, proof = rest.partition(":")
        if version != "v1" or not proof:
            raise _malformed_salt()
        try:
            crypter = cls(_derive(passphrase, base64.b64decode(salt)), state)
        except ValueError:
            raise _malformed_salt() from None
        if crypter.decrypt(proof) != _PROOF:
            raise PassphraseError.wrong()
        return crypter

    def encrypt(self, text: str) -> str:
        """Encrypt one text under a fresh nonce."""
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, text.encode(), None)
        return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, sealed: str) -> str:
        """Decrypt one text."""
        try:
            version, nonce, text = sealed.split(":")
            if version != "v1":
                raise ValueError(version)  # noqa: TRY301 - the same sentence for every malformed text
            return self._cipher.decrypt(base64.b64decode(nonce), base64.b64decode(text), None).decode()
        except InvalidTag:
            raise PassphraseError.wrong() from None
        except ValueError:
            raise StateError("a secret of this stack is malformed; restore the file from its backup.") from None


def _malformed_salt() -> StateError:
    return StateError("the encryption salt of this stack is malformed; restore it from the stack's config file.")


class Closed:
    """Stands in for a crypter where nobody asks what the secrets are: no passphrase is needed."""

    def encrypt(self, text: str) -> str:
        """Refuse: what was never opened cannot be sealed again."""
        raise AssertionError(len(text))

    def decrypt(self, _sealed: str) -> str:
        """Answer a value that nobody will see."""
        return "null"
