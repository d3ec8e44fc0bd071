"""What the organization has: all of it is read from the store, but for the usage, which Stripe counts."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from examples.saas.site import METER, Here, Me, templates

router = APIRouter()


@router.get("/")
def home(request: Request, site: Here, me: Me) -> Response:
    place, billing = me.organization.id, site.billing
    told = {
        "me": me,
        "subscription": billing.subscription(place),
        "seats": billing.seats.status(place),
        "members": site.people.members(place),
        "invitations": site.people.invitations(place),
        "plans": [plan for plan in billing.plans(kind="organization") if not plan.free],
        "has_portal": bool(billing.manifest.portal_configurations),
        "usage": billing.usage.summary(place, METER, start=datetime.now(UTC) - timedelta(days=30)),
    }
    return templates.TemplateResponse(request, "home.html", told)
