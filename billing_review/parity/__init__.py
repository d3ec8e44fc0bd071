"""PARITY: whether stacks sell the same, apart from what is each stack's own.

Every source (a manifest, a catalog, an account) becomes an ``Environment``; two of them have ``Difference``s, told in
business words; ``Allowance``s say which of these are meant. What one stack would change in the next one is a
``Change`` of ``billing_review.steps``, like any other that is reviewed.
"""
