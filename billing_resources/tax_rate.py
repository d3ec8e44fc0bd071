"""A tax that is added to bills, or included in them. https://docs.stripe.com/api/tax_rates"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Len
from pydantic import StringConstraints, with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine.amounts import Percent
from billing_resources._engine.facts import Immutable, In, Kept, Numeral, OnlyAtCreate, Ours
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions

TaxType = Literal[
    "admissions_tax",
    "amusement_tax",
    "attendance_tax",
    "communications_tax",
    "digital_excise_tax",
    "entertainment_tax",
    "get_fund",
    "gross_receipts_tax",
    "gst",
    "hospitality_tax",
    "hst",
    "igst",
    "jct",
    "lease_tax",
    "luxury_tax",
    "mass_transit_parking_tax",
    "nhil",
    "parking_tax",
    "pst",
    "qst",
    "resort_tax",
    "retail_delivery_fee",
    "rst",
    "sales_tax",
    "service_tax",
    "tourism_tax",
    "utility_users_tax",
    "vat",
]


@with_config(CONFIG)
class TaxRateArgs(TypedDict):
    """The fields of a tax rate."""

    display_name: In[Annotated[str, Len(1, 50)]]
    """The name on invoices, such as VAT; at most 50 characters."""
    percentage: Annotated[In[Percent], Immutable(), Numeral()]
    """The rate out of 100: 19 or "8.875", with up to 4 decimals."""
    inclusive: Annotated[In[bool], Immutable()]
    """Whether prices include the tax already."""
    country: NotRequired[In[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]]]
    """The country's two-letter code, such as DE."""
    state: NotRequired[In[Annotated[str, Len(1, 3)]]]
    """The state's code without its country, such as NY."""
    jurisdiction: NotRequired[In[Annotated[str, Len(1, 50)]]]
    """Where it applies, as invoices say it; at most 50 characters."""
    tax_type: NotRequired[Annotated[In[TaxType], Kept()]]
    """What kind of tax it is, such as vat; once written it can be changed but not removed in place."""
    description: NotRequired[In[Annotated[str, Len(1, 5000)]]]
    """A note for your team."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class TaxRate(
    StripeResource,
    args=TaxRateArgs,
    stripe=Stripe(service="tax_rates", noun="tax rate", alive={"active": True}, retire={"active": False}),
):
    """A tax rate. It cannot be deleted at Stripe, so removing it archives it: bills that have it keep it."""

    if TYPE_CHECKING:
        active: Output[bool]
        percentage: Output[float]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[TaxRateArgs]
        ) -> None: ...
