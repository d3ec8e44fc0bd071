"""Search, in Stripe's query language. https://docs.stripe.com/search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body
from tests.stripe_emulator.refusals.cases import Refused, show

PEOPLE: list[Any] = [
    {"email": "ada@example.com", "name": "Ada Lovelace", "metadata": {"plan": "pro", "seats": "5"}},
    {"email": "alan@example.com", "name": "Alan Turing", "metadata": {"plan": "free"}},
    {"email": "grace@example.org", "name": 'Grace "Amazing" Hopper', "phone": "+1555"},
]


@pytest.fixture
def people(client: stripe.StripeClient) -> dict[str, str]:
    """Return the first names of three customers by their ids."""
    return {client.v1.customers.create(one).id: one["name"].split(" ")[0] for one in PEOPLE}


@pytest.mark.belief("clauses of field, operator, value; a space is `AND`; without regard to case", "D")
@pytest.mark.belief("`~` looks for three characters or more of a string, `>` and its like compare numbers", "D")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('email:"ada@example.com"', ["Ada"]),
        ("email:'ADA@example.COM'", ["Ada"]),
        ('email:"ada"', []),
        ('email~"example.com"', ["Alan", "Ada"]),
        ('-email~"example.com"', ["Grace"]),
        ('metadata["plan"]:"pro"', ["Ada"]),
        ("metadata['plan']:'pro' OR metadata['plan']:'free'", ["Alan", "Ada"]),
        ("metadata['plan']:'pro' or phone:'+1555'", ["Grace", "Ada"]),
        ('metadata["plan"]:null', ["Grace"]),
        ('-metadata["plan"]:null', ["Alan", "Ada"]),
        ('email~"example.com" metadata["seats"]:"5"', ["Ada"]),
        ('email~"example.com" AND -metadata["seats"]:"5"', ["Alan"]),
        (r'name:"grace \"amazing\" hopper"', ["Grace"]),
        ("phone:null", ["Alan", "Ada"]),
        ("created>1000", ["Grace", "Alan", "Ada"]),
        ("created<=1000", []),
        ("created>=2000 created<'2001'", ["Grace", "Alan", "Ada"]),
        ("created:2000", ["Grace", "Alan", "Ada"]),
    ],
)
def test_customers_are_found(
    stripe_emulator: EmulatorClient, client: stripe.StripeClient, query: str, found: list[str]
) -> None:
    """Newest first, what every clause (or one of them) holds for."""
    stripe_emulator.clock.set(2000)
    people = {client.v1.customers.create(one).id: one["name"].split(" ")[0] for one in PEOPLE}
    assert [people[one.id] for one in client.v1.customers.search({"query": query}).data] == found


@pytest.mark.parametrize(
    ("resource", "query"),
    [
        ("products", "active:'true' name~'eam' metadata['tier']:'1'"),
        ("prices", "active:'true' currency:'usd' lookup_key:'seat' type:'recurring' product:'{product}'"),
        ("subscriptions", "status:'active' metadata['team']:'7' created>0"),
    ],
)
def test_everything_that_is_searched_is_found(client: stripe.StripeClient, resource: str, query: str) -> None:
    """By the fields that Stripe lists for it."""
    product = client.v1.products.create({"name": "Team", "metadata": {"tier": "1"}})
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 5,
            "recurring": {"interval": "month"},
            "lookup_key": "seat",
        }
    )
    card = "pm_card_visa"
    payer = client.v1.customers.create({"payment_method": card, "invoice_settings": {"default_payment_method": card}})
    subscription = client.v1.subscriptions.create(
        {"customer": payer.id, "items": [{"price": price.id}], "metadata": {"team": "7"}}
    )
    wanted = {"products": product.id, "prices": price.id, "subscriptions": subscription.id}[resource]
    service: Any = getattr(client.v1, resource)
    answer = service.search({"query": query.replace("{product}", product.id)})
    assert [one.id for one in answer.data] == [wanted]
    assert (answer.object, answer.url, answer.has_more) == ("search_result", f"/v1/{resource}/search", False)


@pytest.mark.parametrize("resource", ["charges", "invoices", "payment_intents"])
def test_search_without_anything_to_find(client: stripe.StripeClient, resource: str) -> None:
    """Nothing is found where nothing is."""
    service: Any = getattr(client.v1, resource)
    assert service.search({"query": "created>0 metadata['a']:'b'"}).data == []


@pytest.mark.real_stripe
@pytest.mark.belief("a query is parsed or refused, with Stripe's words for bad queries and fields (others: M)", "I")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("asdf", "We were unable to parse your search query. Try using the format"),
        ("", "cannot be unset"),
        ("   ", "unable to parse"),
        ("name:", "unable to parse"),
        ('name:"open', "unable to parse"),
        ("(name:'a')", "unable to parse"),
        ("metadata:'a'", "unable to parse"),
        ("name:'a' AND", "unable to parse"),
        ("name:'a' name:'b' OR name:'c'", "cannot be combined"),
        ("name:'a' AND name:'b' OR name:'c'", "cannot be combined"),
        ("foo:'bar'", "Field `foo` is an unsupported search field for resource `customers`."),
        ("name['a']:'bar'", "Field `name` is an unsupported search field"),
        ("name~'ab'", "at least 3 characters"),
        ("metadata['a']~'abc'", "operator `~` is not supported"),
        ("name>'abc'", "operator `>` is not supported"),
        ("created:'soon'", "is a number"),
        (" ".join(f"name:'{number}'" for number in range(11)), "at most 10 clauses"),
    ],
)
def test_bad_query_is_refused(client: stripe.StripeClient, query: str, words: str) -> None:
    """What cannot be searched for is said."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.search({"query": query})
    assert words in str(refused.value)
    assert (refused.value.http_status, refused.value.param) == (400, "query")


@pytest.mark.error_case(107)
def test_old_version_has_no_search(stripe_emulator: EmulatorClient) -> None:
    """Search came with 2020-08-27."""
    words = (
        "^Search is not supported on api version 2020-03-02. Update your API version, or set the API Version of this "
        "request to 2020-08-27 or greater.$"
    )
    headers = {"Stripe-Version": "2020-03-02"}
    refused = Refused(107, "GET /v1/customers/search", {"query": "name:'a'"}, words, headers=headers)
    show(stripe_emulator.url, {}, refused)


@pytest.mark.belief("results come in pages with tokens, and are counted where `total_count` is expanded", "S D")
@settings(max_examples=10, deadline=None)
@given(count=st.integers(0, 9), limit=st.integers(1, 10))
def test_pages_make_the_whole(new_account: Callable[[], stripe.StripeClient], count: int, limit: int) -> None:
    """Page by page every result comes exactly once, newest first."""
    client = new_account()
    made = [client.v1.customers.create({"name": "Ada"}).id for _ in range(count)][::-1]
    client.v1.customers.create({"name": "Bob"})
    page = client.v1.customers.search({"query": "name:'Ada'", "limit": limit, "expand": ["total_count"]})
    assert body(page)["total_count"] == count
    assert page.has_more is (count > limit)
    assert (page.next_page is None) is not page.has_more
    assert [one.id for one in page.auto_paging_iter()] == made


def test_page_goes_on_where_it_stopped(client: stripe.StripeClient) -> None:
    """What is made and deleted between two pages makes nothing appear twice or be left out."""
    made = [client.v1.customers.create({"name": "Ada"}).id for _ in range(4)][::-1]
    first = client.v1.customers.search({"query": "name:'Ada'", "limit": 2})
    client.v1.customers.create({"name": "Ada"})
    client.v1.customers.delete(made[1])
    token: Any = {"query": "name:'Ada'", "limit": 2, "page": first.next_page}
    assert [one.id for one in client.v1.customers.search(token).data] == made[2:]


@pytest.mark.parametrize("page", ["nonsense", "YTpi", "MTox"])
def test_page_of_another_query_is_refused(client: stripe.StripeClient, page: str) -> None:
    """A token belongs to its query."""
    with pytest.raises(stripe.InvalidRequestError, match="Invalid page") as refused:
        client.v1.customers.search({"query": "name:'Ada'", "page": page})
    assert refused.value.param == "page"


def test_count_is_shown_on_request_only(client: stripe.StripeClient, people: dict[str, str]) -> None:
    """And nothing of the emulator's own with it."""
    answer = body(client.v1.customers.search({"query": "created>0"}))
    assert answer.keys() == {"object", "data", "has_more", "next_page", "url"}


def test_results_are_expanded_through_data(client: stripe.StripeClient, seat: stripe.Price) -> None:
    """As in lists."""
    params: Any = {"query": "active:'true'", "expand": ["data.product"]}
    (price,) = client.v1.prices.search(params).data
    assert isinstance(price.product, stripe.Product)


@pytest.mark.belief("search does not read what was written a moment ago; here it does, unless it is told to lag", "D S")
def test_search_can_lag_behind(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """What was made, changed or deleted within the lag is found as it was, by the emulator's clock."""
    stripe_emulator.clock.set(1000)
    old, gone = (client.v1.customers.create({"name": name}).id for name in ("Old", "Gone"))
    stripe_emulator.lag_search(60)
    stripe_emulator.clock.set(1100)
    client.v1.customers.update(old, {"name": "New"})
    client.v1.customers.delete(gone)
    made = client.v1.customers.create({"name": "New"}).id

    def found(name: str) -> list[str]:
        return [one.id for one in client.v1.customers.search({"query": f"name:'{name}'"}).data]

    assert (found("Old"), found("New"), client.v1.customers.retrieve(old).name) == ([old], [], "New")
    stripe_emulator.clock.advance(60)
    assert (found("Old"), found("New"), found("Gone")) == ([], [made, old], [])


def test_lag_is_a_number(stripe_emulator: EmulatorClient) -> None:
    """Another lag would do something else than meant."""
    with pytest.raises(ValueError, match="number of seconds"):
        stripe_emulator.call("POST", "/search", {"lag": "long"})


def test_accounts_find_their_own(connect: Callable[[str], stripe.StripeClient]) -> None:
    """Nobody finds what another account has."""
    connect("sk_test_a").v1.customers.create({"name": "Ada"})
    assert connect("sk_test_b").v1.customers.search({"query": "name:'Ada'"}).data == []
