"""A plan: its product and its prices, grouped in the preview's tree. https://www.pulumi.com/docs/iac/concepts/components/

A parent is part of its children's URNs: a product that moves into a plan needs an alias, or it is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from typing_extensions import Unpack

from billing_resources._engine.declared import RefusedInProgram, plans_here
from billing_resources._engine.resource import callers_line
from billing_resources._engine.validation import Place, field_problems, path_text
from billing_resources.catalog.entries import price_terms, product_args, sold
from billing_resources.catalog.models import PlanArgs
from billing_resources.catalog.names import is_key, price_name
from billing_resources.catalog.places import problems_of_plan, problems_of_rules
from billing_resources.price import Price
from billing_resources.product import Product

TYPE = "billing:index:Plan"


class Plan(pulumi.ComponentResource):
    """A plan with its product and prices; its limits and features are given to each of its prices.

    ``Plan("team", name="Team", prices={"monthly": {...}})`` declares the product ``team`` and the price
    ``team.monthly``.
    """

    product: Product
    """The plan's product."""
    prices: dict[str, Price]
    """The plan's prices by their names in the plan."""

    def __init__(self, name: str, /, *, opts: pulumi.ResourceOptions | None = None, **args: Unpack[PlanArgs]) -> None:
        """Declare the plan; raises InvalidDeclaration with every problem of the call before anything is registered."""
        found = problems(name, args)
        if found:
            said = [f"{path_text(place)}: {sentence}" if place else sentence for place, sentence in found]
            raise RefusedInProgram(f"{callers_line()}Plan {name!r}", said)
        known = plans_here()
        if name in known:
            raise RefusedInProgram(f"Plan {name!r}", ["is declared twice in this program: names are unique"])
        known[name] = args
        super().__init__(TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.product = Product(name, **product_args(args), opts=child)
        self.prices = {
            price: Price(price_name(name, price), product=self.product.id, **price_terms(args, terms), opts=child)
            for price, terms in args.get("prices", {}).items()
        }
        self.register_outputs({"product": self.product.id, "prices": {key: one.id for key, one in self.prices.items()}})


def problems(name: str, args: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """Every problem of a plan, its product and its prices."""
    named = [] if is_key(name) else [((), "is not a name: write letters, digits, - and _, beginning with a letter")]
    refused = [*named, *field_problems(PlanArgs, "Plan", args)]
    rules = (*problems_of_plan(args, (), refused), *problems_of_rules(sold(name, args, ()), refused))
    return list(dict.fromkeys([*refused, *rules]))
