"""What a catalog adds to the declarations: the file's sections, plans, and prices inside of what they belong to.

Everything else is the ``TypedDict`` of the class, so that a field is described once for Python, YAML and editors.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from annotated_types import Ge, Le, Len
from pydantic import BeforeValidator, WithJsonSchema, with_config
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from billing_resources._engine.currencies import Currency
from billing_resources._engine.facts import Default, KeyOf
from billing_resources._engine.fields import Shape, fields_of
from billing_resources._engine.validation import CONFIG
from billing_resources.alert import AlertArgs
from billing_resources.catalog.names import KEY_PATTERN, is_key
from billing_resources.catalog.review_section import Review
from billing_resources.coupon import CouponArgs
from billing_resources.event_destination import EventDestinationArgs
from billing_resources.feature import FeatureArgs
from billing_resources.meter import MeterArgs
from billing_resources.portal_configuration import PortalConfigurationArgs
from billing_resources.price import Limit, PriceTerms
from billing_resources.product import ProductArgs
from billing_resources.promotion_code import PromotionCodeArgs
from billing_resources.tax_rate import TaxRateArgs
from billing_resources.webhook_endpoint import WebhookEndpointArgs


def _key(value: Any) -> Any:
    if not is_key(value):
        raise PydanticCustomError("key", "is not a name: write letters, digits, - and _, beginning with a letter")
    return value


Key = Annotated[str, BeforeValidator(_key), WithJsonSchema({"type": "string", "pattern": KEY_PATTERN})]
"""The name of an entry: the Pulumi resource name, and the key in the manifest."""


@with_config(CONFIG)
class PlanFacts(TypedDict):
    """What a plan says beyond its product."""

    audience: NotRequired[Annotated[list[Literal["user", "organization"]], Len(1)]]
    """Who can be on it: user, organization or both; everybody when absent."""
    rank: NotRequired[Annotated[int, Default(0)]]
    """Its place among the plans: a higher one is an upgrade."""
    group: NotRequired[Key]
    """Plans of one group exclude each other: nobody has two of them. Absent, it is in the group of all such plans."""
    badge: NotRequired[Annotated[str, Len(1, 80)]]
    """A word for pricing pages, such as Popular."""
    free: NotRequired[Annotated[bool, Default(False)]]
    """Whether it is what its audience has without a subscription."""
    limits: NotRequired[dict[str, Limit]]
    """What is included, by name; each of its prices has them, and may say otherwise."""
    features: NotRequired[dict[str, str]]
    """What comes with it, by name; each of its prices has them, and may say otherwise."""


@with_config(CONFIG)
class PlanArgs(ProductArgs, PlanFacts):
    """A plan: a product, its prices, and what they include."""

    prices: NotRequired[dict[Key, PriceTerms]]
    """Its prices by name: monthly of team is the price team.monthly."""


@with_config(CONFIG)
class Entitling(TypedDict):
    """What a product or plan entitles its customers to."""

    entitlements: NotRequired[Annotated[list[Key], KeyOf("Feature")]]
    """The features that come with it, by their names under features: sso of team is the attachment team.sso."""


@with_config(CONFIG)
class CatalogPlan(PlanArgs, Entitling):
    """A plan of a catalog."""


@with_config(CONFIG)
class PricedProduct(ProductArgs, Entitling):
    """A product that is no plan, with its prices."""

    prices: NotRequired[dict[Key, PriceTerms]]
    """Its prices by name: setup of onboarding is the price onboarding.setup."""


@with_config(CONFIG)
class RotatedEndpoint(WebhookEndpointArgs):
    """A webhook endpoint, which may be there twice while its signing secret is changed."""

    rotate: NotRequired[Annotated[int, Ge(1), Le(9), Default(1)]]
    """How many endpoints of this name there are: 2 declares app and app~2, each with a secret of its own."""
    retired: NotRequired[Annotated[int, Ge(0), Le(8), Default(0)]]
    """How many of the first ones are gone: 1 with rotate: 2 declares only app~2."""


@with_config(CONFIG)
class CatalogFile(TypedDict):
    """A catalog: what is sold, how usage is counted, and where Stripe reports to."""

    version: Literal[1]
    """The version of this format."""
    currency: NotRequired[Currency]
    """The currency of prices that do not write one."""
    meters: NotRequired[dict[Key, MeterArgs]]
    """What is counted, by name."""
    features: NotRequired[dict[Key, FeatureArgs]]
    """What plans and products may entitle to, by name."""
    plans: NotRequired[dict[Key, CatalogPlan]]
    """What customers subscribe to, by name; each is a product with its prices."""
    products: NotRequired[dict[Key, PricedProduct]]
    """Products that are no plan, by name."""
    coupons: NotRequired[dict[Key, CouponArgs]]
    """What is taken off bills, by name."""
    promotion_codes: NotRequired[dict[Key, PromotionCodeArgs]]
    """What customers type to redeem a coupon, by name."""
    portal: NotRequired[dict[Key, PortalConfigurationArgs]]
    """What customers may do for themselves, by name: one entry for each configuration of Stripe's portal."""
    tax_rates: NotRequired[dict[Key, TaxRateArgs]]
    """Taxes on bills, by name."""
    alerts: NotRequired[dict[Key, AlertArgs]]
    """Signals about usage, by name."""
    webhook_endpoints: NotRequired[dict[Key, RotatedEndpoint]]
    """Where Stripe sends events, by name."""
    event_destinations: NotRequired[dict[Key, EventDestinationArgs]]
    """Where Stripe sends thin events, by name."""
    review: NotRequired[Review]
    """What the review of changes leaves aside for a while; nothing of it goes to Stripe or into the manifest."""


SHAPE = Shape(fields=fields_of(CatalogFile))
"""The catalog as one object."""
