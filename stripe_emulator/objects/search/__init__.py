"""Search: Stripe's query language over what there is. https://docs.stripe.com/search."""
