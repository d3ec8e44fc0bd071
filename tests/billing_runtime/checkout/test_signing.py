"""Return links: nobody else can make one, and each ends."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_runtime import ReturnInvalid
from billing_runtime.checkout.signing import Return, derived_secret, signed, verified

WHAT = Return("org_1", "https://app.test/done?x=1", 1000, "acct_1/test")
TOKEN = signed(WHAT, "secret")


@given(st.text(min_size=1, max_size=40), st.text(max_size=60), st.integers(0, 2**40), st.text(min_size=1))
def test_what_is_signed_is_read(entity: str, target: str, until: int, secret: str) -> None:
    """Whatever a link says must be read as it was written, until its last second, also after a new secret came."""
    what = Return(entity, target, until, "acct_1/test")
    token = signed(what, secret)
    assert verified(token, ["newer", secret], now=until, scope="acct_1/test") == what
    with pytest.raises(ReturnInvalid) as refused:
        verified(token, [secret], now=until + 1, scope="acct_1/test")
    assert refused.value.reason == "expired"


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="ascii"))
def test_a_link_that_was_altered(place: int, letter: str) -> None:
    """Not a single character may be another one."""
    altered = TOKEN[:place] + letter + TOKEN[place + 1 :]
    assume(altered != TOKEN)
    # The last character of base64 has bits that say nothing.
    assume(place != len(TOKEN) - 1 and place != TOKEN.index(".") - 1)
    with pytest.raises(ReturnInvalid):
        verified(altered, ["secret"], now=0, scope="acct_1/test")


@given(st.text(max_size=200))
def test_anything_else(token: str) -> None:
    """What is no link at all must be refused in the same way."""
    with pytest.raises(ReturnInvalid) as refused:
        verified(token, ["secret"], now=0, scope="acct_1/test")
    assert refused.value.reason == "signature"


def test_a_link_of_another_account() -> None:
    """A link of test mode must be of no use in live mode, though one secret may sign both."""
    with pytest.raises(ReturnInvalid):
        verified(TOKEN, ["secret"], now=0, scope="acct_1/live")


def test_a_derived_secret_tells_nothing() -> None:
    """The secret that is made of the API key must neither be it nor hold it."""
    assert "sk_test_1" not in derived_secret("sk_test_1")
    assert derived_secret("sk_test_1") != derived_secret("sk_test_2")
