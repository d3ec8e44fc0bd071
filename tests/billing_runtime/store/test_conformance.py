"""What every backend does: exact, durable, apart by account and mode, whatever else runs."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from billing_runtime import Scope, StoreError
from billing_runtime._store import open_store
from billing_runtime._store.entities import Claim, Claims, Entities
from billing_runtime._store.sql import migrations, queries
from tests.billing_runtime.conftest import BACKENDS, holds_in_child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_runtime import Store

pytestmark = pytest.mark.parametrize("backend", BACKENDS)
TEST = Scope("acct_1", livemode=False)
CLAIM = Claim("key-1", '{"a": 1}', datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def store(any_store_url: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(any_store_url)
    yield opened
    opened.close()


def test_a_customer_is_remembered(store: Store, any_store_url: str) -> None:
    """What was bound must be there for whoever opens the store next."""
    Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    with closing(open_store(any_store_url)) as other:
        assert Entities(other, TEST).customer_id("org_1") == "cus_1"


def test_the_first_customer_stays(store: Store) -> None:
    """A later binding must not take an entity's customer away."""
    for customer in ("cus_1", "cus_2"):
        Entities(store, TEST).bind_customer("org_1", kind="user", customer_id=customer)
    assert Entities(store, TEST).customer_id("org_1") == "cus_1"


@pytest.mark.parametrize("other", [Scope("acct_2", livemode=False), Scope("acct_1", livemode=True)])
def test_accounts_and_modes_are_apart(store: Store, other: Scope) -> None:
    """Neither customers nor claims may leak between accounts, or from test to live mode."""
    Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    Claims(store, TEST).claim("org_1", "customer", CLAIM)
    mine = replace(CLAIM, idempotency_key="key-2")
    assert Entities(store, other).customer_id("org_1") is None
    assert Claims(store, other).claim("org_1", "customer", mine) == mine


def test_a_customer_belongs_to_one_entity(store: Store) -> None:
    """Two entities must never be bound to one customer."""
    Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    with pytest.raises(StoreError, match=r"cannot be used: .*(UNIQUE|unique) constraint"):
        Entities(store, TEST).bind_customer("org_2", kind="user", customer_id="cus_1")


def test_the_first_claim_holds(store: Store) -> None:
    """Whoever comes second must get the first one's key and request."""
    assert Claims(store, TEST).claim("org_1", "customer", CLAIM) == CLAIM
    second = replace(CLAIM, idempotency_key="key-2", request="{}")
    assert Claims(store, TEST).claim("org_1", "customer", second) == CLAIM
    assert Claims(store, TEST).claim("org_1", "subscription:a", second) == second


def test_a_settled_claim_names_the_object_and_forgets_the_request(store: Store) -> None:
    """Once answered, the request (e-mail addresses and all) must not be kept."""
    Claims(store, TEST).claim("org_1", "customer", CLAIM)
    Claims(store, TEST).settle("org_1", "customer", CLAIM, "cus_1")
    assert Claims(store, TEST).claim("org_1", "customer", CLAIM) == replace(CLAIM, request="", object_id="cus_1")


def test_a_dropped_claim_makes_room(store: Store) -> None:
    """After a claim is given up the next one must hold."""
    Claims(store, TEST).claim("org_1", "customer", CLAIM)
    Claims(store, TEST).drop("org_1", "customer", CLAIM)
    second = replace(CLAIM, idempotency_key="key-2")
    assert Claims(store, TEST).claim("org_1", "customer", second) == second


def test_only_its_holder_may_end_a_claim(store: Store) -> None:
    """A latecomer with an older key must change nothing."""
    Claims(store, TEST).claim("org_1", "customer", CLAIM)
    older = replace(CLAIM, idempotency_key="key-0")
    Claims(store, TEST).drop("org_1", "customer", older)
    Claims(store, TEST).settle("org_1", "customer", older, "cus_0")
    assert Claims(store, TEST).claim("org_1", "customer", older) == CLAIM


def test_of_many_claims_at_once_one_holds(store: Store) -> None:
    """However many threads claim, all must be told the same key."""
    wanted = [replace(CLAIM, idempotency_key=f"key-{n}") for n in range(50)]
    with ThreadPoolExecutor(20) as pool:
        held = list(pool.map(lambda claim: Claims(store, TEST).claim("org_1", "customer", claim), wanted))
    assert len({claim.idempotency_key for claim in held}) == 1


def test_a_new_store_may_be_opened_by_many_at_once(any_store_url: str) -> None:
    """Processes that start together must agree on who makes the tables."""
    program = f"from billing_runtime._store import open_store; open_store({any_store_url!r}).close()"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=-1, text=True) for _ in range(6)]
    assert [process.communicate()[1] for process in started] == [""] * 6


def test_what_raises_is_undone(store: Store) -> None:
    """A transaction that is left by an exception must change nothing, and the store must serve on."""

    def change() -> None:
        with store.transaction(TEST) as transaction:
            transaction.run("bind_customer", entity_id="org_1", kind="user", customer_id="cus_1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert Entities(store, TEST).customer_id("org_1") is None


def test_changes_are_counted(store: Store) -> None:
    """Whoever changes something must be told how many rows it was."""
    with store.transaction(TEST) as transaction:
        bound = [transaction.run("bind_customer", entity_id="org_1", kind="user", customer_id="cus_1") for _ in "ab"]
    assert bound == [1, 0]


def test_a_lock_lets_one_in_at_a_time(store: Store) -> None:
    """Transactions that ask for the same name must never be inside together, and others go by."""
    inside, most, guard = [0], [0], threading.Lock()

    def visit(_: int) -> None:
        with store.transaction(TEST) as transaction:
            transaction.lock("org_1")
            with guard:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            transaction.one("customer_id", entity_id="org_1")
            with guard:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(64)))
    assert most == [1]


def test_a_fork_takes_no_connection_along(store: Store) -> None:
    """Connections used on both sides of a fork would mix up what they carry."""
    Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    assert holds_in_child(lambda: Entities(store, TEST).customer_id("org_1") == "cus_1")
    assert Entities(store, TEST).customer_id("org_1") == "cus_1"


def test_both_dialects_have_the_same_queries(backend: str) -> None:
    """Each query must be found by every backend, and say what it does."""
    assert queries("postgresql").keys() == queries("sqlite").keys()
    assert all(text.startswith("-- ") for text in queries("sqlite").values())
    assert len(migrations("postgresql")) == len(migrations("sqlite"))
