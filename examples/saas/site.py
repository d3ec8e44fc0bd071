"""What every page has: the billing, the people, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.templating import Jinja2Templates

from billing_runtime import Billing
from examples.saas.people import Organization, People, Person

HERE = Path(__file__).parent
LATER = 303  # see other: what was posted is shown with a GET
METER = "alpaca-ai-tokens"

templates = Jinja2Templates(directory=HERE / "templates")


@dataclass(frozen=True)
class Site:
    """The application's two stores."""

    billing: Billing
    people: People


@dataclass(frozen=True)
class Member:
    """Who asks, and for which organization."""

    person: Person
    organization: Organization


class NotSignedInError(Exception):
    """Somebody has to sign up first."""


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


def signed_in(request: Request) -> Member:
    """Who asks, if he has signed up and is a member somewhere."""
    people = site_of(request).people
    person = people.person(request.session.get("person", ""))
    organization = people.organization_of(person.id) if person else None
    if person is None or organization is None:
        raise NotSignedInError
    return Member(person, organization)


Here = Annotated[Site, Depends(site_of)]
Me = Annotated[Member, Depends(signed_in)]
Text = Annotated[str, Form(min_length=1, max_length=200)]
