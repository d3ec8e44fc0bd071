"""The price list, and signing up: a customer is made at once, and the founder has the first seat."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from examples.saas.site import LATER, Here, Text, templates

router = APIRouter()


@router.get("/welcome")
def welcome(request: Request, site: Here) -> Response:
    plans = site.billing.plans(kind="organization")
    return templates.TemplateResponse(request, "welcome.html", {"plans": plans})


@router.post("/welcome")
def sign_up(request: Request, site: Here, name: Text, email: Text, organization: Text) -> Response:
    person = site.people.sign_up(name, email, organization)
    request.session["person"] = person.id
    place = site.people.organization_of(person.id)
    if place is not None:
        site.billing.customers.ensure(place.id, kind="organization", email=email, name=place.name)
        site.billing.seats.add(place.id, person.id)
    return RedirectResponse("/", LATER)
