"""Whether a webhook is Stripe's: held against the SDK's own signatures, with clear reasons."""

from __future__ import annotations

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import WebhookRefused, WebhookStale, WebhookUnsigned
from billing_runtime._inbox.signature import TOLERANCE, verify
from tests.billing_runtime.inbox.conftest import SECRET, signature

NOW = 1_795_780_800
BODY = b'{"id": "evt_1"}'
SECRETS = {"app": SECRET}


def test_what_the_sdk_signs_is_believed() -> None:
    """A signature of Stripe's own library must be accepted, and its secret be named."""
    assert verify(BODY, signature(BODY, NOW), SECRETS, now=NOW) == "app"


@given(st.text(), st.integers(0, 2**33))
def test_signatures_are_the_sdks_for_every_body(text: str, at: int) -> None:
    """Whatever the body, our check must agree with the SDK's."""
    body = text.encode(errors="replace")
    header = signature(body, at)
    stripe.WebhookSignature.verify_header(body.decode(), header, SECRET)
    assert verify(body, header, SECRETS, now=at) == "app"


@given(st.binary(min_size=1, max_size=40), st.integers(0, 39), st.integers(1, 255))
def test_a_changed_byte_is_noticed(body: bytes, place: int, change: int) -> None:
    """A body that differs in any byte must not pass under the signature of another."""
    text = body.hex().encode()
    header = signature(text, NOW)
    changed = bytearray(text)
    changed[place % len(changed)] ^= change
    with pytest.raises(WebhookUnsigned, match="not made with the one signing secret known here"):
        verify(bytes(changed), header, SECRETS, now=NOW)


@given(st.text(max_size=200))
def test_any_header_is_judged(header: str) -> None:
    """Whatever stands in the header, the answer must be a refusal with a reason, never a crash."""
    with pytest.raises(WebhookRefused):
        verify(BODY, header, SECRETS, now=NOW)


def test_without_a_header_it_is_nobodys() -> None:
    """The reason must say that the header is missing."""
    for header in (None, ""):
        with pytest.raises(WebhookUnsigned, match="has no Stripe-Signature header"):
            verify(BODY, header, SECRETS, now=NOW)


@pytest.mark.parametrize(
    "header",
    ["t=1", "v1=" + "a" * 64, "t=x,v1=" + "a" * 64, "t=1,v0=" + "a" * 64, "t=1,t=2,v1=" + "a" * 64, "t=1," * 2000],
)
def test_other_forms_are_not_understood(header: str) -> None:
    """No moment, two of them, no signature of scheme v1, or a header too long must be told from a wrong one."""
    with pytest.raises(WebhookUnsigned, match="is not understood"):
        verify(BODY, header, SECRETS, now=NOW)


def test_while_a_secret_is_replaced_both_are_believed() -> None:
    """During a rotation old and new secrets must do, and Stripe may sign with both."""
    both = {"app": "whsec_old", "app~2": "whsec_new"}
    assert verify(BODY, signature(BODY, NOW, "whsec_old"), both, now=NOW) == "app"
    assert verify(BODY, signature(BODY, NOW, "whsec_new"), both, now=NOW) == "app~2"
    twice = f"{signature(BODY, NOW, 'whsec_gone')},{signature(BODY, NOW, 'whsec_new').partition(',')[2]}"
    assert verify(BODY, twice, both, now=NOW) == "app~2"
    with pytest.raises(WebhookUnsigned, match="any of the 2 signing secrets"):
        verify(BODY, signature(BODY, NOW, "whsec_gone"), both, now=NOW)


def test_an_old_signature_is_stale() -> None:
    """What was signed longer ago than is tolerated must be refused, with both numbers; a second less must pass."""
    header = signature(BODY, NOW)
    assert verify(BODY, header, SECRETS, now=NOW + TOLERANCE) == "app"
    with pytest.raises(WebhookStale, match=r"signed 301 seconds ago and 300 are tolerated.*clock of this machine"):
        verify(BODY, header, SECRETS, now=NOW + TOLERANCE + 1)


def test_a_slow_clock_refuses_nothing() -> None:
    """A signature from the future was made by Stripe all the same."""
    assert verify(BODY, signature(BODY, NOW + 3600), SECRETS, now=NOW) == "app"


def test_a_forged_old_one_is_called_forged() -> None:
    """Whoever cannot sign must not be told what would be fresh enough."""
    with pytest.raises(WebhookUnsigned):
        verify(BODY, signature(BODY, 1, "whsec_other"), SECRETS, now=NOW)
