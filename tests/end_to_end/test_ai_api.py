"""The example API over HTTP: it holds, asks, counts, refuses, and tells what the next invoice would be."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from billing_runtime import Billing
from examples.ai_api.app import create_app
from examples.ai_api.model import answer
from tests.end_to_end.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    import stripe

    from stripe_emulator import EmulatorClient

pytestmark = pytest.mark.end_to_end
Json = dict[str, Any]


@pytest.fixture
def engine() -> str:
    """The engine makes no difference to an application."""
    return "local"


@dataclass
class Api:
    """The running API."""

    port: int
    billing: Billing
    fails: threading.Event = field(default_factory=threading.Event)

    def call(self, path: str, body: Json | None = None, organization: str = "acme") -> tuple[int, Json, Any]:
        """Status, answer and headers of a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        headers = {"X-Organization": organization, "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body)
        connection.request("GET" if body is None else "POST", path, sent, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, json.loads(text) if text[:1] == b"{" else {}, response.headers

    async def model(self, question: str, most: int) -> Json:
        """The model, which may be broken."""
        if self.fails.is_set():
            raise ConnectionError(question)
        return await answer(question, most)


@pytest.fixture
def api(project: Project, stripe_emulator: EmulatorClient, tmp_path: Path) -> Iterator[Api]:
    """The stack provisioned, and the API on it."""
    project.ok("up")
    shown = project.billing("stack", "output", "--json", "--show-secrets", "--stack", "local", "--engine", "local")
    outputs = json.loads(shown.stdout[shown.stdout.index("{") :])
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        Billing.open(
            manifest=outputs["manifest"],
            store=f"sqlite:///{tmp_path}/billing.db",
            api_key=stripe_emulator.key,
            api_base=stripe_emulator.url,
            webhook_secrets=outputs["webhookSecrets"],
            environ={},
        ) as billing,
    ):
        running = Api(listening.getsockname()[1], billing)
        server = uvicorn.Server(uvicorn.Config(create_app(billing, running.model), log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield running
        server.should_exit = True
        thread.join()


def subscribe(api: Api, client: stripe.StripeClient) -> str:
    """Acme takes the plan with 100,000 tokens included, and can pay."""
    customer = api.billing.customers.ensure("acme", kind="organization")
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
    items: Any = [{"price": api.billing.price(f"alpaca-ai.{name}").id} for name in ("base", "graduated")]
    made = client.v1.subscriptions.create({"customer": customer.id, "items": items})
    api.billing.sync("acme")
    return made.id


def test_what_a_plan_does_not_include_must_be_bought(api: Api) -> None:
    """Without a plan that has tokens, 402 and the decision, before the model is asked."""
    api.fails.set()
    status, told, _ = api.call("/ask", {"text": "how are you"})
    assert (status, told["refused"], told["reason"], told["limit"]) == (402, ["ai-tokens"], "not included", 0)
    assert api.call("/invoice")[1] == {"total": 0, "lines": []}
    assert api.call("/usage")[1]["limits"][1]["usage"] == 0


def test_questions_are_counted_by_what_they_took(api: Api, client: stripe.StripeClient) -> None:
    """An answer costs its tokens and one credit; a model that fails costs nothing; the invoice is Stripe's preview."""
    subscription = subscribe(api, client)
    status, told, _ = api.call("/ask", {"text": "how are you", "most": 2})
    assert (status, told["answer"], told["tokens"], told["remaining"]) == (200, "you are", 5, 99_995)
    api.fails.set()
    assert api.call("/ask", {"text": "how are you"})[0] == 500
    api.fails.clear()
    tokens, questions = api.call("/usage")[1]["limits"]
    assert (tokens["usage"], tokens["remaining"], questions["usage"], questions["remaining"]) == (5, 99_995, 1, 999)
    assert [day["tokens"] for day in api.call("/usage")[1]["days"]] == [5]
    api.billing.consume("acme", "ai-tokens", 100_000)
    preview = client.v1.invoices.create_preview({"subscription": subscription})
    told = api.call("/invoice")[1]
    assert [(line["quantity"], line["amount"]) for line in told["lines"]][1:] == [(100_000, 0), (5, 0)]
    assert (told["total"], told["left_out"], preview.total) == (500, [], 500)


def test_what_is_used_up_comes_back(api: Api, client: stripe.StripeClient) -> None:
    """When all credits are used: 429, what was decided, and how long to wait; nothing of the tokens was taken."""
    subscribe(api, client)
    api.billing.consume("acme", "standard-credits", 1000)
    status, told, headers = api.call("/ask", {"text": "how are you"})
    assert (status, told["refused"], told["remaining"], told["usage"]) == (429, ["standard-credits"], 0, 1000)
    assert 0 < int(headers["Retry-After"]) <= 31 * 86_400
    assert told["resets_at"] is not None
    assert api.billing.consumption("acme", "ai-tokens").usage == 0


def test_what_is_no_question_is_refused(api: Api) -> None:
    """FastAPI's own checks come first."""
    assert api.call("/ask", {"text": ""})[0] == 422
