"""The API. A question takes one credit and its tokens, both or neither; what is not left is refused before any work.

- `POST /ask` holds the most that the answer may take, asks the model, and counts what it really took.
- `GET /usage` says what is used and left, and what was used each day; `GET /invoice` what the next invoice would be.
- `POST /stripe` is where Stripe's webhooks arrive.

Who asks stands in the header `X-Organization`; a real application knows that from its session.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.routing import Route

from billing_runtime import Billing, BillingError, LimitReached, llm_usage
from billing_runtime.webhooks import asgi_app

TOKENS, CREDITS = "ai-tokens", "standard-credits"

Json = dict[str, Any]
Model = Callable[[str, int], Awaitable[Json]]
Organization = Annotated[str, Header(alias="X-Organization")]


class Question(BaseModel):
    text: str = Field(min_length=1, max_length=10_000)
    most: int = Field(500, ge=1, le=4000, description="The most tokens that the answer may have.")


def create_app(billing: Billing, model: Model) -> FastAPI:
    """The API of one stack."""
    app = FastAPI(title="Ask")
    app.router.routes.append(Route("/stripe", asgi_app(billing), methods=["POST"]))
    app.add_exception_handler(LimitReached, _refused)
    app.add_exception_handler(BillingError, _failed)

    @app.post("/ask")
    async def ask(question: Question, organization: Organization) -> Json:
        # A letter is at most a token: nobody knows how many there will be, but never more than this.
        most = {CREDITS: 1, TOKENS: len(question.text) + question.most}
        async with billing.aio.reserve(organization, most, action="ask") as held:
            answer = await model(question.text, question.most)  # if it raises, nothing was used
            used = llm_usage(answer).total
            await held.commit({CREDITS: 1, TOKENS: used})
        left = await billing.aio.consumption(organization, TOKENS)
        text = answer["choices"][0]["message"]["content"]
        return {"answer": text, "tokens": used, "remaining": left.remaining, "receipt": held.receipt}

    @app.get("/usage")
    async def usage(organization: Organization) -> Json:
        read = [await billing.aio.consumption(organization, name) for name in (TOKENS, CREDITS)]
        days = await billing.aio.history(organization, TOKENS)
        return {
            "limits": [
                {"name": one.name, "usage": one.usage, "limit": one.limit, "remaining": one.remaining}
                | {"overage": one.overage, "resets_at": one.resets_at}
                for one in read
            ],
            "days": [{"day": row.day, "tokens": row.amount} for row in days],
        }

    @app.get("/invoice")
    async def invoice(organization: Organization) -> Json:
        found = await billing.aio.forecast(organization)
        if found is None:
            return {"total": 0, "lines": []}
        lines = [{"for": line.description, "quantity": line.quantity, "amount": line.amount} for line in found.lines]
        told = {"total": found.total, "currency": found.currency, "on": found.period_end, "lines": lines}
        return told | {"left_out": found.left_out}

    return app


async def _refused(_: Request, error: Exception) -> JSONResponse:
    """429 if it is only a matter of time, 402 if it takes another plan; either way with the decision."""
    assert isinstance(error, LimitReached)  # noqa: S101 - registered for it
    decision = error.decision
    names = ("reason", "usage", "limit", "remaining", "overage")
    told = {name: getattr(decision, name) for name in names} | {
        "error": str(error),
        "refused": [part.name for part in decision.parts if not part.allowed],
        "resets_at": decision.resets_at and decision.resets_at.isoformat(),
    }
    if not decision.limit or decision.resets_at is None:
        return JSONResponse(told, 402)
    wait = max(1, int((decision.resets_at - datetime.now(UTC)).total_seconds()))
    return JSONResponse(told, 429, {"Retry-After": str(wait)})


async def _failed(_: Request, error: Exception) -> JSONResponse:
    """Every error of `billing` is one sentence that may be shown."""
    return JSONResponse({"error": str(error)}, 503)
