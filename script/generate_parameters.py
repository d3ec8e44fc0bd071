#!/usr/bin/env python3
"""Write stripe_emulator/parameters.json: what Stripe accepts, read from the installed stripe package.

Run `script/generate_parameters.py` after an update of the package, or after naming another operation
in OPERATIONS; `--check` only says whether the file is up to date.
"""

import json
import sys
import types
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any, NotRequired

import stripe
import stripe.params
import stripe.params.billing
import stripe.params.billing_portal
import stripe.params.checkout
import stripe.params.entitlements
import stripe.params.test_helpers
import stripe.params.v2.billing
import stripe.params.v2.core
from stripe import RequestOptions
from stripe.events._event_classes import _V2_EVENT_NOTIFICATION_CLASS_LOOKUP
from typing_extensions import get_type_hints, is_typeddict

TARGET = Path(__file__).resolve().parent.parent / "stripe_emulator" / "parameters.json"

# Operations the emulator knows: method and path -> parameter class in stripe.params (None: no parameters).
OPERATIONS: dict[str, str] = {
    "GET /v1/account": "AccountRetrieveCurrentParams",
    "GET /v1/accounts/{account}": "AccountRetrieveParams",
    "GET /v1/products": "ProductListParams",
    "POST /v1/products": "ProductCreateParams",
    "GET /v1/products/{id}": "ProductRetrieveParams",
    "POST /v1/products/{id}": "ProductUpdateParams",
    "DELETE /v1/products/{id}": "ProductDeleteParams",
    "GET /v1/prices": "PriceListParams",
    "POST /v1/prices": "PriceCreateParams",
    "GET /v1/prices/{price}": "PriceRetrieveParams",
    "POST /v1/prices/{price}": "PriceUpdateParams",
    "GET /v1/billing/meters": "billing.MeterListParams",
    "POST /v1/billing/meters": "billing.MeterCreateParams",
    "GET /v1/billing/meters/{id}": "billing.MeterRetrieveParams",
    "POST /v1/billing/meters/{id}": "billing.MeterUpdateParams",
    "POST /v1/billing/meters/{id}/deactivate": "billing.MeterDeactivateParams",
    "POST /v1/billing/meters/{id}/reactivate": "billing.MeterReactivateParams",
    "GET /v1/billing/meters/{id}/event_summaries": "billing.MeterEventSummaryListParams",
    "POST /v1/billing/meter_events": "billing.MeterEventCreateParams",
    "POST /v1/billing/meter_event_adjustments": "billing.MeterEventAdjustmentCreateParams",
    "POST /v2/billing/meter_events": "v2.billing.MeterEventCreateParams",
    "POST /v2/billing/meter_event_adjustments": "v2.billing.MeterEventAdjustmentCreateParams",
    "POST /v2/billing/meter_event_session": "v2.billing.MeterEventSessionCreateParams",
    "POST /v2/billing/meter_event_stream": "v2.billing.MeterEventStreamCreateParams",
    "GET /v1/billing/alerts": "billing.AlertListParams",
    "POST /v1/billing/alerts": "billing.AlertCreateParams",
    "GET /v1/billing/alerts/{id}": "billing.AlertRetrieveParams",
    "POST /v1/billing/alerts/{id}/activate": "billing.AlertActivateParams",
    "POST /v1/billing/alerts/{id}/archive": "billing.AlertArchiveParams",
    "POST /v1/billing/alerts/{id}/deactivate": "billing.AlertDeactivateParams",
    "GET /v1/billing/credit_grants": "billing.CreditGrantListParams",
    "POST /v1/billing/credit_grants": "billing.CreditGrantCreateParams",
    "GET /v1/billing/credit_grants/{id}": "billing.CreditGrantRetrieveParams",
    "POST /v1/billing/credit_grants/{id}": "billing.CreditGrantUpdateParams",
    "POST /v1/billing/credit_grants/{id}/expire": "billing.CreditGrantExpireParams",
    "POST /v1/billing/credit_grants/{id}/void": "billing.CreditGrantVoidGrantParams",
    "GET /v1/billing/credit_balance_summary": "billing.CreditBalanceSummaryRetrieveParams",
    "GET /v1/billing/credit_balance_transactions": "billing.CreditBalanceTransactionListParams",
    "GET /v1/billing/credit_balance_transactions/{id}": "billing.CreditBalanceTransactionRetrieveParams",
    "GET /v1/events": "EventListParams",
    "GET /v1/events/{id}": "EventRetrieveParams",
    "GET /v1/webhook_endpoints": "WebhookEndpointListParams",
    "POST /v1/webhook_endpoints": "WebhookEndpointCreateParams",
    "GET /v1/webhook_endpoints/{webhook_endpoint}": "WebhookEndpointRetrieveParams",
    "POST /v1/webhook_endpoints/{webhook_endpoint}": "WebhookEndpointUpdateParams",
    "DELETE /v1/webhook_endpoints/{webhook_endpoint}": "WebhookEndpointDeleteParams",
    "GET /v1/customers": "CustomerListParams",
    "POST /v1/customers": "CustomerCreateParams",
    "GET /v1/customers/{customer}": "CustomerRetrieveParams",
    "POST /v1/customers/{customer}": "CustomerUpdateParams",
    "DELETE /v1/customers/{customer}": "CustomerDeleteParams",
    "GET /v1/customers/{customer}/payment_methods": "CustomerPaymentMethodListParams",
    "GET /v1/customers/{customer}/payment_methods/{payment_method}": "CustomerPaymentMethodRetrieveParams",
    "GET /v1/customers/{customer}/balance_transactions": "CustomerBalanceTransactionListParams",
    "POST /v1/customers/{customer}/balance_transactions": "CustomerBalanceTransactionCreateParams",
    "GET /v1/customers/{customer}/balance_transactions/{transaction}": "CustomerBalanceTransactionRetrieveParams",
    "POST /v1/customers/{customer}/balance_transactions/{transaction}": "CustomerBalanceTransactionUpdateParams",
    "GET /v1/payment_intents": "PaymentIntentListParams",
    "POST /v1/payment_intents": "PaymentIntentCreateParams",
    "GET /v1/payment_intents/{intent}": "PaymentIntentRetrieveParams",
    "POST /v1/payment_intents/{intent}": "PaymentIntentUpdateParams",
    "POST /v1/payment_intents/{intent}/cancel": "PaymentIntentCancelParams",
    "POST /v1/payment_intents/{intent}/capture": "PaymentIntentCaptureParams",
    "POST /v1/payment_intents/{intent}/confirm": "PaymentIntentConfirmParams",
    "GET /v1/setup_intents": "SetupIntentListParams",
    "POST /v1/setup_intents": "SetupIntentCreateParams",
    "GET /v1/setup_intents/{intent}": "SetupIntentRetrieveParams",
    "POST /v1/setup_intents/{intent}": "SetupIntentUpdateParams",
    "POST /v1/setup_intents/{intent}/cancel": "SetupIntentCancelParams",
    "POST /v1/setup_intents/{intent}/confirm": "SetupIntentConfirmParams",
    "GET /v1/charges": "ChargeListParams",
    "GET /v1/charges/{charge}": "ChargeRetrieveParams",
    "POST /v1/charges/{charge}": "ChargeUpdateParams",
    "GET /v1/charges/{charge}/refunds": "ChargeListRefundsParams",
    "GET /v1/refunds": "RefundListParams",
    "POST /v1/refunds": "RefundCreateParams",
    "GET /v1/refunds/{refund}": "RefundRetrieveParams",
    "POST /v1/refunds/{refund}": "RefundUpdateParams",
    "GET /v1/disputes": "DisputeListParams",
    "GET /v1/disputes/{dispute}": "DisputeRetrieveParams",
    "POST /v1/disputes/{dispute}": "DisputeUpdateParams",
    "POST /v1/disputes/{dispute}/close": "DisputeCloseParams",
    "GET /v1/invoice_payments": "InvoicePaymentListParams",
    "GET /v1/invoice_payments/{invoice_payment}": "InvoicePaymentRetrieveParams",
    "GET /v1/payment_methods": "PaymentMethodListParams",
    "POST /v1/payment_methods": "PaymentMethodCreateParams",
    "GET /v1/payment_methods/{payment_method}": "PaymentMethodRetrieveParams",
    "POST /v1/payment_methods/{payment_method}": "PaymentMethodUpdateParams",
    "POST /v1/payment_methods/{payment_method}/attach": "PaymentMethodAttachParams",
    "POST /v1/payment_methods/{payment_method}/detach": "PaymentMethodDetachParams",
    "GET /v1/subscriptions": "SubscriptionListParams",
    "POST /v1/subscriptions": "SubscriptionCreateParams",
    "GET /v1/subscriptions/{subscription_exposed_id}": "SubscriptionRetrieveParams",
    "POST /v1/subscriptions/{subscription_exposed_id}": "SubscriptionUpdateParams",
    "DELETE /v1/subscriptions/{subscription_exposed_id}": "SubscriptionCancelParams",
    "POST /v1/subscriptions/{subscription}/pause": "SubscriptionPauseParams",
    "POST /v1/subscriptions/{subscription}/resume": "SubscriptionResumeParams",
    "GET /v1/subscription_schedules": "SubscriptionScheduleListParams",
    "POST /v1/subscription_schedules": "SubscriptionScheduleCreateParams",
    "GET /v1/subscription_schedules/{schedule}": "SubscriptionScheduleRetrieveParams",
    "POST /v1/subscription_schedules/{schedule}": "SubscriptionScheduleUpdateParams",
    "POST /v1/subscription_schedules/{schedule}/cancel": "SubscriptionScheduleCancelParams",
    "POST /v1/subscription_schedules/{schedule}/release": "SubscriptionScheduleReleaseParams",
    "POST /v1/subscriptions/{subscription}/migrate": "SubscriptionMigrateParams",
    "GET /v1/subscription_items": "SubscriptionItemListParams",
    "POST /v1/subscription_items": "SubscriptionItemCreateParams",
    "GET /v1/subscription_items/{item}": "SubscriptionItemRetrieveParams",
    "POST /v1/subscription_items/{item}": "SubscriptionItemUpdateParams",
    "DELETE /v1/subscription_items/{item}": "SubscriptionItemDeleteParams",
    "GET /v1/invoices": "InvoiceListParams",
    "POST /v1/invoices": "InvoiceCreateParams",
    "GET /v1/invoices/{invoice}": "InvoiceRetrieveParams",
    "POST /v1/invoices/{invoice}": "InvoiceUpdateParams",
    "DELETE /v1/invoices/{invoice}": "InvoiceDeleteParams",
    "POST /v1/invoices/{invoice}/finalize": "InvoiceFinalizeInvoiceParams",
    "POST /v1/invoices/{invoice}/pay": "InvoicePayParams",
    "POST /v1/invoices/{invoice}/send": "InvoiceSendInvoiceParams",
    "POST /v1/invoices/{invoice}/void": "InvoiceVoidInvoiceParams",
    "POST /v1/invoices/{invoice}/mark_uncollectible": "InvoiceMarkUncollectibleParams",
    "POST /v1/invoices/{invoice}/add_lines": "InvoiceAddLinesParams",
    "POST /v1/invoices/{invoice}/update_lines": "InvoiceUpdateLinesParams",
    "POST /v1/invoices/{invoice}/remove_lines": "InvoiceRemoveLinesParams",
    "GET /v1/invoices/{invoice}/lines": "InvoiceLineItemListParams",
    "POST /v1/invoices/{invoice}/lines/{line_item_id}": "InvoiceLineItemUpdateParams",
    "POST /v1/invoices/create_preview": "InvoiceCreatePreviewParams",
    "GET /v1/invoiceitems": "InvoiceItemListParams",
    "POST /v1/invoiceitems": "InvoiceItemCreateParams",
    "GET /v1/invoiceitems/{invoiceitem}": "InvoiceItemRetrieveParams",
    "POST /v1/invoiceitems/{invoiceitem}": "InvoiceItemUpdateParams",
    "DELETE /v1/invoiceitems/{invoiceitem}": "InvoiceItemDeleteParams",
    "DELETE /v1/customers/{customer}/discount": "CustomerDeleteDiscountParams",
    "DELETE /v1/subscriptions/{subscription_exposed_id}/discount": "SubscriptionDeleteDiscountParams",
    "GET /v1/coupons": "CouponListParams",
    "POST /v1/coupons": "CouponCreateParams",
    "GET /v1/coupons/{coupon}": "CouponRetrieveParams",
    "POST /v1/coupons/{coupon}": "CouponUpdateParams",
    "DELETE /v1/coupons/{coupon}": "CouponDeleteParams",
    "GET /v1/promotion_codes": "PromotionCodeListParams",
    "POST /v1/promotion_codes": "PromotionCodeCreateParams",
    "GET /v1/promotion_codes/{promotion_code}": "PromotionCodeRetrieveParams",
    "POST /v1/promotion_codes/{promotion_code}": "PromotionCodeUpdateParams",
    "GET /v1/entitlements/features": "entitlements.FeatureListParams",
    "POST /v1/entitlements/features": "entitlements.FeatureCreateParams",
    "GET /v1/entitlements/features/{id}": "entitlements.FeatureRetrieveParams",
    "POST /v1/entitlements/features/{id}": "entitlements.FeatureUpdateParams",
    "GET /v1/entitlements/active_entitlements": "entitlements.ActiveEntitlementListParams",
    "GET /v1/entitlements/active_entitlements/{id}": "entitlements.ActiveEntitlementRetrieveParams",
    "GET /v1/products/{product}/features": "ProductFeatureListParams",
    "POST /v1/products/{product}/features": "ProductFeatureCreateParams",
    "GET /v1/products/{product}/features/{id}": "ProductFeatureRetrieveParams",
    "DELETE /v1/products/{product}/features/{id}": "ProductFeatureDeleteParams",
    "GET /v1/billing_portal/configurations": "billing_portal.ConfigurationListParams",
    "POST /v1/billing_portal/configurations": "billing_portal.ConfigurationCreateParams",
    "GET /v1/billing_portal/configurations/{configuration}": "billing_portal.ConfigurationRetrieveParams",
    "POST /v1/billing_portal/configurations/{configuration}": "billing_portal.ConfigurationUpdateParams",
    "POST /v1/billing_portal/sessions": "billing_portal.SessionCreateParams",
    "GET /v1/checkout/sessions": "checkout.SessionListParams",
    "POST /v1/checkout/sessions": "checkout.SessionCreateParams",
    "GET /v1/checkout/sessions/{session}": "checkout.SessionRetrieveParams",
    "POST /v1/checkout/sessions/{session}": "checkout.SessionUpdateParams",
    "POST /v1/checkout/sessions/{session}/expire": "checkout.SessionExpireParams",
    "GET /v1/checkout/sessions/{session}/line_items": "checkout.SessionLineItemListParams",
    "GET /v2/core/events": "v2.core.EventListParams",
    "GET /v2/core/events/{id}": "v2.core.EventRetrieveParams",
    "GET /v2/core/event_destinations": "v2.core.EventDestinationListParams",
    "POST /v2/core/event_destinations": "v2.core.EventDestinationCreateParams",
    "GET /v2/core/event_destinations/{id}": "v2.core.EventDestinationRetrieveParams",
    "POST /v2/core/event_destinations/{id}": "v2.core.EventDestinationUpdateParams",
    "DELETE /v2/core/event_destinations/{id}": "v2.core.EventDestinationDeleteParams",
    "POST /v2/core/event_destinations/{id}/disable": "v2.core.EventDestinationDisableParams",
    "POST /v2/core/event_destinations/{id}/enable": "v2.core.EventDestinationEnableParams",
    "POST /v2/core/event_destinations/{id}/ping": "v2.core.EventDestinationPingParams",
    "GET /v1/test_helpers/test_clocks": "test_helpers.TestClockListParams",
    "POST /v1/test_helpers/test_clocks": "test_helpers.TestClockCreateParams",
    "GET /v1/test_helpers/test_clocks/{test_clock}": "test_helpers.TestClockRetrieveParams",
    "DELETE /v1/test_helpers/test_clocks/{test_clock}": "test_helpers.TestClockDeleteParams",
    "POST /v1/test_helpers/test_clocks/{test_clock}/advance": "test_helpers.TestClockAdvanceParams",
    "GET /v1/charges/search": "ChargeSearchParams",
    "GET /v1/customers/search": "CustomerSearchParams",
    "GET /v1/invoices/search": "InvoiceSearchParams",
    "GET /v1/payment_intents/search": "PaymentIntentSearchParams",
    "GET /v1/prices/search": "PriceSearchParams",
    "GET /v1/products/search": "ProductSearchParams",
    "GET /v1/subscriptions/search": "SubscriptionSearchParams",
    "GET /v1/tax_rates": "TaxRateListParams",
    "POST /v1/tax_rates": "TaxRateCreateParams",
    "GET /v1/tax_rates/{tax_rate}": "TaxRateRetrieveParams",
    "POST /v1/tax_rates/{tax_rate}": "TaxRateUpdateParams",
}

# "" clears these too, though the package's types do not say so (seen on the wire, or Stripe's general rule).
CLEARABLE: dict[str, tuple[str, ...]] = {
    "PriceCreateParams": ("lookup_key", "nickname"),
    "PriceUpdateParams": ("lookup_key", "nickname"),
    "ProductUpdateParams": ("default_price", "statement_descriptor"),
    "CouponUpdateParams": ("name",),
    "CustomerCreateParams": ("description", "email", "name", "phone"),
    "CustomerUpdateParams": ("description", "email", "name", "phone"),
    "CustomerUpdateParamsInvoiceSettings": ("default_payment_method",),
    "SubscriptionUpdateParams": ("default_payment_method",),
    "TaxRateUpdateParams": ("country", "description", "jurisdiction", "state"),
}

# Longest strings: Stripe's specification or the package's docstrings; everything else is 5,000.
LENGTHS: dict[str, dict[str, int]] = json.loads(
    Path(__file__).with_name("parameter_lengths.json").read_text(encoding="utf-8")
)

# What the package sends without naming it: the addresses of further pages have it.
UNNAMED: dict[str, dict[str, dict[str, Any]]] = {
    name: {"page": {"type": "string"}} for name in ("v2.EventDestinationListParams", "v2.EventListParams")
}

Node = dict[str, Any]
SCALARS = {str: "string", int: "integer", bool: "boolean", float: "number", Decimal: "decimal"}


def main() -> int:
    """Write the file, or with --check say whether it is what would be written."""
    text = render()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is out of date: run script/generate_parameters.py")
    return 1


def render() -> str:
    """One operation per line, so that a change of the package reads as a short diff."""
    lines = [f"    {json.dumps(name)}: {compact(fields_of(params_class(path)))}" for name, path in OPERATIONS.items()]
    version = json.dumps(stripe.api_version)
    thin = compact(sorted(_V2_EVENT_NOTIFICATION_CLASS_LOOKUP))
    head = f'{{\n  "api_version": {version},\n  "thin_events": {thin},\n  "operations": {{\n'
    return head + ",\n".join(lines) + "\n  }\n}\n"


def compact(value: Any) -> str:
    """Write JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def params_class(path: str) -> type:
    """Return the class named by a path below stripe.params."""
    found: Any = stripe.params
    for part in path.split("."):
        found = getattr(found, part)
    return typing.cast("type", found)


def fields_of(params: type) -> dict[str, Node]:
    """Turn a TypedDict into name -> node."""
    names = {"StripeContext": object, "Mapping": dict}
    hints = get_type_hints(params, localns=names, include_extras=True)
    own = {name: hint for name, hint in hints.items() if name not in RequestOptions.__annotations__}
    known = {name: field(params, name, hint) for name, hint in own.items()}
    unnamed = UNNAMED.get(f"v2.{params.__name__}" if ".v2." in params.__module__ else params.__name__, {})
    return dict(sorted({**known, **unnamed}.items()))


def field(params: type, name: str, hint: Any) -> Node:
    """Turn one annotation into a node, with the facts that stand in the tables above."""
    optional = typing.get_origin(hint) is NotRequired
    node = node_of(typing.get_args(hint)[0] if optional else hint)
    if not optional:
        node["required"] = True
    if name in CLEARABLE.get(params.__name__, ()):
        node["clearable"] = True
    if (limit := longest(params.__name__, name)) and node["type"] == "string":
        node["max"] = limit
    return node


def longest(params: str, name: str) -> int | None:
    """Return the longest string allowed for a field, if it is not the usual 5,000."""
    noun = params.removesuffix("Params").removesuffix("Create").removesuffix("Update")
    return LENGTHS.get(noun, {}).get(name)


def node_of(hint: Any) -> Node:
    """Turn a type into a node."""
    if is_typeddict(hint):
        return {"type": "object", "fields": fields_of(hint)}
    if hint in SCALARS:
        return {"type": SCALARS[hint]}
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return {"type": "string", "enum": list(args)}
    if origin is list:
        return {"type": "array", "items": node_of(args[0])}
    if origin is dict:
        return {"type": "map", "items": node_of(args[1])}
    if origin in (typing.Union, types.UnionType):
        return union(list(args))
    message = f"no rule for {hint!r}"
    raise TypeError(message)


def union(args: list[Any]) -> Node:
    """Join the alternatives that mean something on the wire."""
    clearable = typing.Literal[""] in args or types.NoneType in args
    nothing = (typing.Literal[""], types.NoneType)
    kept = [arg for arg in args if arg not in nothing and "UntypedStripeObject" not in repr(arg)]
    literals = [arg for arg in kept if typing.get_origin(arg) is typing.Literal]
    if literals:  # `Literal[...] | str` is the package's way to write an enum that may grow
        kept = [arg for arg in kept if arg is not str]
    nodes = [node_of(arg) for arg in kept]
    node = nodes[0] if len(nodes) == 1 else {"type": "any_of", "any_of": nodes}
    return {**node, "clearable": True} if clearable else node


if __name__ == "__main__":
    raise SystemExit(main())
