"""Which teller tells which kind of object."""

from __future__ import annotations

from collections.abc import Mapping

from billing_review.steps import Step
from billing_review.telling.alert import tell_alert
from billing_review.telling.anything import tell_anything
from billing_review.telling.book import Book
from billing_review.telling.coupon import tell_coupon
from billing_review.telling.event_destination import tell_event_destination
from billing_review.telling.feature import tell_feature
from billing_review.telling.meter import tell_meter
from billing_review.telling.portal_configuration import tell_portal_configuration
from billing_review.telling.price.price import tell_price
from billing_review.telling.product import tell_product
from billing_review.telling.product_feature import tell_product_feature
from billing_review.telling.promotion_code import tell_promotion_code
from billing_review.telling.tax_rate import tell_tax_rate
from billing_review.telling.told import Teller, Told
from billing_review.telling.webhook_endpoint import tell_webhook_endpoint

TELLERS: Mapping[str, Teller] = {
    "Alert": tell_alert,
    "Coupon": tell_coupon,
    "EventDestination": tell_event_destination,
    "Feature": tell_feature,
    "Meter": tell_meter,
    "PortalConfiguration": tell_portal_configuration,
    "Price": tell_price,
    "Product": tell_product,
    "ProductFeature": tell_product_feature,
    "PromotionCode": tell_promotion_code,
    "TaxRate": tell_tax_rate,
    "WebhookEndpoint": tell_webhook_endpoint,
}


_OF_ANOTHER_SHAPE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a teller stumbles with over values that a newer provider writes in another form."""


def tell_one(step: Step, book: Book) -> Told:
    """An object in its kind's words; what a newer provider has is told plainly, and breaks nothing."""
    teller = TELLERS.get(step.kind)
    if teller is None:
        return tell_anything(step, book)
    try:
        return teller(step, book)
    except _OF_ANOTHER_SHAPE:
        return tell_anything(step, book)
