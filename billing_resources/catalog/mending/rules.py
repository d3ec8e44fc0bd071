"""Fixes of rules over several fields, and of ranges: what to write, in words.

``{name}`` is the field the problem is about; groups of the pattern may be named as well.
"""

from __future__ import annotations

TEXTS: tuple[tuple[str, str], ...] = (
    # ranges and lengths
    (r"must be greater than or equal to (?P<least>-?\d+)", "write {name}: {least}, or more"),
    (r"must be less than or equal to (?P<most>\d+)", "write {name}: {most}, or less"),
    (r"must not be negative", "write an amount of 0 or more: what is taken off is a coupon"),
    (r"must not be above (?P<most>\d+)", "write an amount of at most {most}"),
    (r"has more than (?P<most>\d+) decimal places", "round it to {most} decimal places"),
    (r"string should have at least 1 character", "write a text after {name}:, or remove the line"),
    (r"string should have at most (?P<most>\d+) characters", "shorten the text to {most} characters"),
    (r"list should have at least (?P<least>\d+) item", "write at least {least} entry, or remove {name}"),
    (r"list should have at most (?P<most>\d+) item", "keep at most {most} entries"),
    # prices
    (r"needs an amount: one of (?P<names>.+)", "add one of {names}: unit_amount: 1200 is 12.00 USD"),
    (r"needs exactly one of (?P<names>.+)", "keep one of {names}"),
    (r"cannot be given together with (?P<other>\w+)", "remove {name} or {other}"),
    (r"needs tiers", "add tiers, or remove tiers_mode"),
    (r"is required with tiers: ", "add tiers_mode: graduated (each unit at its own tier) or tiers_mode: volume"),
    (r"need a recurring price: ", "add recurring: month, or write unit_amount in place of the tiers"),
    (r"needs a recurring price", "add recurring: month, or remove {name}"),
    (r"must be \w+ here, or be left out", "remove billing_scheme"),
    (r'must be "inf": the last tier has no end', "write up_to: inf in the last tier"),
    (r'is "inf", which belongs to the last tier only', "write the last unit of this tier, or remove the tiers below"),
    (r"must be above the tier before it", "write a number above the up_to of the tier before, or change their order"),
    (r"is required for a metered price", "add the meter's name: recurring: {{interval: month, meter: …}}"),
    (r"belongs to a metered price: ", "remove usage_type: it follows from the meter; or remove the meter"),
    (r"belong to a licensed price", "remove seats, or the meter of the price"),
    (r"is at most (?P<most>\d+) (?P<unit>\w+)", "write {most}, or less"),
    (r"is the price's own currency", "remove this currency, or change the price's own"),
    (r"is the own currency", "remove this currency, or change the own one"),
    (r"must have the form of the price itself", "write tiers in every currency of the price, or in none"),
    (r"must not be below the minimum", "write a maximum of at least the minimum"),
    (r"bills what (?P<limit>\S+) includes, \d+: (?P<advice>.+)", "{advice}"),
    (r"is unlimited, but this price bills", "write how much is included, or use a price without this meter"),
    (r"is billed beyond it, so it counts per period", "write per: period, or overage: block"),
    (r"is required: write it here, or once for all", "add currency: usd (or another code) at the top of the catalog"),
    (r"is the default price already: choose one|.* is the default price already", "remove default from one of the two"),
    # metadata, limits and features
    (r"begins with billing:, limits: or features:", "write a key that begins otherwise"),
    (r"takes a name of 1 to (?P<most>\d+) characters", "write a name of up to {most} characters"),
    (r"takes a name without square brackets", "write the name without square brackets"),
    (r"takes a text: Stripe unsets a key", "write a text, or remove the line"),
    (r"has more than (?P<most>\d+) characters", "shorten the text to {most} characters"),
    (r"(has|makes) \d+ .*: Stripe's metadata has room .*, so remove (?P<over>\d+)", "remove {over} of them"),
    (r"takes the name of a declared meter, without spaces", "write the name of a meter under meters"),
    # the catalog as a whole
    (r"is the name of (?P<other>\S+) already: a plan is a product", "choose another name, or remove this product"),
    (r"is the name of (?P<other>\S+) already: their signing secrets", "choose another name here or there"),
    (r"is the (?P<what>\w+) of (?P<other>\S+) already: choose another", "choose another {what} here, or at {other}"),
    (r"(?P<other>\S+) is the free plan for (?P<who>\w+) already", "remove free here or at {other}, or limit audience"),
    (r"is beyond the \d+ alerts", "remove an alert of this meter"),
    (r"is beyond the \d+ webhook endpoints", "remove one, or send its events to another one's address"),
    (r"is empty: a catalog begins with", "write version: 1 in the first line, and what you sell below"),
    (r"is not a catalog: ", "write version: 1 in the first line, and sections such as plans: below"),
    (r"is read as a type of its own", "put it into quotes"),
    (r"contains itself", "remove the alias, and write out what is meant"),
    # endpoints and destinations
    (r"takes a whole address", "write the address with https:// before it, such as https://app.example.com/stripe"),
    (r"is no event that this version knows", "write one of Stripe's events, or add allow_unknown_events: true"),
    (r"must be below rotate, which is (?P<copies>\d+)", "write a number below {copies}, or remove the endpoint"),
    (r"must be a public address", "write the application's public https address"),
    (r"is required with type (?P<kind>\w+)", "add {kind}, or remove type"),
    (r"belongs to type (?P<kind>\w+)", "remove it, or write type: {kind}"),
    (r"belongs to event_payload snapshot", "remove it, or write event_payload: snapshot"),
    # coupons and codes
    (r"needs percent_off or amount_off", "add percent_off: 25, or amount_off: 500 with a currency"),
    (r"is required with amount_off", "add currency: usd, or another code"),
    (r"belongs to amount_off", "remove it, or write amount_off in place of percent_off"),
    (r"must be 0.01 or more", "write a percentage of at least 0.01, or remove the coupon"),
    (r"must be above 0", "write an amount above 0, or remove the coupon"),
    (r"is required with duration repeating", "add duration_in_months: 3, or write duration: once or forever"),
    (r"belongs to duration repeating", "remove duration_in_months, or write duration: repeating"),
    (r"is required with minimum_amount", "add minimum_amount_currency: usd, or another code"),
    (r"needs minimum_amount", "add minimum_amount, or remove {name}"),
    # the portal
    (r"must be none or create_prorations", "write proration_behavior: none"),
    (r"needs mode immediately", "write mode: immediately, or remove proration_behavior"),
    (r"is listed already: ", "put all prices of the product into one entry"),
    (r"belongs to type interval_options", "remove interval_options, or write type: interval_options"),
    (r"is required: what customers can switch between", "add products: [{{product: …, prices: […]}}]"),
    (
        r"allows quantity, but no product",
        "add adjustable_quantity: {{enabled: true}} to a product",
    ),
    (
        r"lets customers change a quantity that is not for sale",
        "write seats: purchased at the price",
    ),
    (r"is no price of (?P<other>\S+)", "name a price of {other}, which begins with {other}."),
    (r"is paid once: ", "name a recurring price, or remove it here"),
    (r"is billed as often as (?P<other>\S+): ", "remove this price or {other}"),
    # the file
    (r"there is no such file", "write the file, or name the one that is meant: billing check stacks/catalog.yaml"),
    (r"cannot be read: it is not UTF-8 text", "save the file in UTF-8"),
    (r"cannot be read: ", "make the file readable"),
    (r"is not valid YAML: .*; indent with spaces", "indent this line with spaces, not with tabs"),
    (
        r"is not valid YAML: found undefined alias",
        "write the value itself, or & and the name where it is defined",
    ),
    (r"is not valid YAML: ", "close every bracket and quote, and put a space after every colon"),
)
"""What is said, as the beginning of a sentence, and what to write."""
