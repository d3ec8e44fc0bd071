"""Programs whose `--diff` views are recorded: everything that a billing catalog is made of."""

from __future__ import annotations

_COMPONENT = """
class Plan(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("billing:index:Plan", name)
        self.register_outputs({})

plan = Plan("team")
inside = RO(parent=plan)
"""
FIRST = f"""{_COMPONENT}
product = Thing("product", label="Team", size=1, features={{"sso": "included", "support": ""}}, opts=inside)
price = Thing("price", label=product.id, size=1200, tiers=[
    {{"up_to": 20, "unit_amount_decimal": "1200"}}, {{"up_to": "inf", "unit_amount_decimal": "900.5"}},
], opts=inside)
hook = Thing("hook", label="https://example.com", size=1, key=pulumi.Output.secret("whsec_1"),
             text="".join(f"line {{n}}\\n" for n in range(9)), document='{{"events": ["a", "b"]}}',
             yaml="a: 1\\nb: 2\\n")
gone = Thing("gone", label="x", size=2.5, opts=RO(protect=False, retain_on_delete=True))
guarded = Thing("guarded", label="g", size=1)
pulumi.export("manifest", {{"price": price.id, "tiers": [1, 2], "note": "first"}})
pulumi.export("secrets", {{"hook": pulumi.Output.secret("whsec_1")}})
pulumi.export("dropped", 1)
"""
SECOND = f"""{_COMPONENT}
product = Thing("product", label="Team", size=1, features={{"sso": "1", "sla": "99.9"}}, opts=inside)
price = Thing("price", label=product.id, size=1400, tiers=[
    {{"up_to": 20, "unit_amount_decimal": "1000"}}, {{"up_to": 50, "unit_amount_decimal": "900.5"}},
    {{"up_to": "inf", "unit_amount_decimal": "1", "flat_amount": 5}},
], opts=inside)
hook = Thing("hook", label="https://example.com", size=1, key=pulumi.Output.secret("whsec_2"),
             text="".join(f"line {{n}}\\n" for n in range(9) if n != 4),
             document='{{"events": ["a", "c"], "on": true}}', yaml="a: 1\\nb: 3\\n")
added = Thing("added", label=price.id, size=1, empty={{}}, off=False, nothing=None, opts=inside)
guarded = Thing("guarded", label="g", size=1, opts=RO(protect=True))
pulumi.export("manifest", {{"price": price.id, "tiers": [1, 3, 4], "note": "second"}})
pulumi.export("secrets", {{"hook": pulumi.Output.secret("whsec_2")}})
pulumi.export("new", {{"a": []}})
"""
THIRD = SECOND.replace("protect=True", "protect=False")
# Name of the recording -> the program, what the CLI is told, and what the engine is told.
STEPS = {
    "1-preview": (FIRST, "preview"),
    "1-up": (FIRST, "up"),
    "2-preview": (SECOND, "preview"),
    "2-up": (SECOND, "up"),
    "3-preview": (SECOND, "preview"),
    "4-refresh": (SECOND, "refresh"),
    "5-up": (THIRD, "up"),
    "6-preview-destroy": (THIRD, "destroy --preview-only"),
    "7-destroy": (THIRD, "destroy"),
}
