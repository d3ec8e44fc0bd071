"""Where signing secrets come from: an argument, the environment, or the stack itself."""

from __future__ import annotations

from typing import Any

import pytest

from billing_runtime import ManifestNotFound, WebhookSecretMissing
from billing_runtime._inbox.secrets import WebhookSecrets, read_secrets


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("whsec_a", ["whsec_a"]),
        ("whsec_a, whsec_b", ["whsec_a", "whsec_b"]),
        (" whsec_a\nwhsec_b ", ["whsec_a", "whsec_b"]),
        ('{"app": "whsec_a", "app~2": "whsec_b"}', ["whsec_a", "whsec_b"]),
        ('["whsec_a"]', ["whsec_a"]),
        (["whsec_a", "whsec_b"], ["whsec_a", "whsec_b"]),
        ({"app": "whsec_a"}, ["whsec_a"]),
        ("", []),
        ("{}", []),
    ],
)
def test_secrets_are_read_in_every_form(given: Any, found: list[str]) -> None:
    """One, several, a mapping as the stack exports it, and each of these as text must do."""
    assert list(read_secrets(given).values()) == found


@pytest.mark.parametrize("given", ["sk_test_1", "{", '{"app": 5}', [""], {"app": None}, "whsec_a;whsec_b x"])
def test_what_is_no_secret_is_refused_without_repeating_it(given: Any) -> None:
    """A wrong value may be another secret: it must not be shown."""
    with pytest.raises(WebhookSecretMissing, match="are not understood") as caught:
        read_secrets(given)
    assert "sk_test" not in str(caught.value)


def test_an_argument_counts_before_the_environment() -> None:
    """What a program says must hold over its surroundings."""
    environ = {"BILLING_WEBHOOK_SECRETS": "whsec_environment"}
    assert WebhookSecrets("whsec_mine", environ).all() == {"1": "whsec_mine"}
    assert WebhookSecrets(None, environ).all() == {"1": "whsec_environment"}


def test_the_stack_is_asked_once_and_late() -> None:
    """Opening must need no Pulumi; the first webhook may."""
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return '{"app": "whsec_a"}'

    secrets = WebhookSecrets(None, {}, ask)
    assert asked == []
    assert secrets.all() == secrets.all() == {"app": "whsec_a"}
    assert asked == [1]


def test_without_any_it_is_said_what_to_do() -> None:
    """The reason why the stack could not be asked must be there too."""

    def ask() -> str:
        raise ManifestNotFound.no_pulumi("dev")

    with pytest.raises(WebhookSecretMissing, match=r"set BILLING_WEBHOOK_SECRETS .*or pass webhook_secrets="):
        WebhookSecrets(None, {}).all()
    with pytest.raises(WebhookSecretMissing, match=r"webhook_secrets= to Billing.open \(.*pulumi"):
        WebhookSecrets(None, {}, ask).all()
