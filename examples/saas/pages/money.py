"""Subscribing, the portal, cancelling, using tokens: one call of `billing` each."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from examples.saas.site import LATER, METER, Here, Me, Text

router = APIRouter()


@router.post("/subscribe")
def subscribe(site: Here, me: Me, plan: Text, interval: Annotated[str, Form()] = "month") -> Response:
    page = site.billing.checkout(me.organization.id, price=f"{plan}.{interval}ly", actor=me.person.id)
    return RedirectResponse(page.url or "/", LATER)  # a page that was completed has no address


@router.post("/portal")
def portal(site: Here, me: Me) -> Response:
    return RedirectResponse(site.billing.portal(me.organization.id, actor=me.person.id).url, LATER)


@router.post("/cancel")
def cancel(site: Here, me: Me) -> Response:
    site.billing.cancel(me.organization.id, actor=me.person.id)
    return RedirectResponse("/", LATER)


@router.post("/keep")
def keep(site: Here, me: Me) -> Response:
    site.billing.restore(me.organization.id, actor=me.person.id)
    return RedirectResponse("/", LATER)


@router.post("/use")
def use(site: Here, me: Me, tokens: Annotated[int, Form(ge=1, le=1_000_000)]) -> Response:
    site.billing.usage.record(me.organization.id, METER, tokens, identifier=f"saas-{uuid.uuid4().hex}")
    return RedirectResponse("/", LATER)
