"""Pages that people see: hosted checkout, the customer portal, invoices, and the developer's dashboard.

What a page does, it does through Stripe's own operations (`operate`), and tests can do the same without a browser.
"""
