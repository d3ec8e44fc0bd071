"""Inviting, joining, leaving: the seats are recorded at once, and one update to Stripe follows."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from billing_runtime import BillingError
from examples.saas.site import LATER, Here, Me, Text, templates

router = APIRouter()


@router.post("/invite")
def invite(site: Here, me: Me, email: Text) -> Response:
    site.billing.authorize(me.person.id, me.organization.id, "update")
    invitation = site.people.invite(me.organization.id, email)
    try:
        site.billing.seats.invite(me.organization.id, invitation)
    except BillingError:
        site.people.forget_invitation(invitation)
        raise
    return RedirectResponse("/", LATER)


@router.get("/join/{invitation}")
def invited(request: Request, site: Here, invitation: str) -> Response:
    found = site.people.invitation(invitation)
    if found is None:
        sentence = "This invitation is not open any more: ask for another one."
        return templates.TemplateResponse(request, "refused.html", {"sentence": sentence}, status_code=404)
    told = {"organization": found[1], "email": found[2], "invitation": invitation}
    return templates.TemplateResponse(request, "join.html", told)


@router.post("/join/{invitation}")
def join(request: Request, site: Here, invitation: str, name: Text) -> Response:
    found = site.people.invitation(invitation)
    if found is None:
        return RedirectResponse(f"/join/{invitation}", LATER)
    place, _, email = found
    person = site.people.join(place, name, email)
    site.billing.seats.accept(place, invitation, member=person.id)
    site.people.forget_invitation(invitation)
    request.session["person"] = person.id
    return RedirectResponse("/", LATER)


@router.post("/remove")
def remove(site: Here, me: Me, person: Text) -> Response:
    site.billing.authorize(me.person.id, me.organization.id, "update")
    site.people.leave(me.organization.id, person)
    site.billing.seats.remove(me.organization.id, person)
    return RedirectResponse("/", LATER)
