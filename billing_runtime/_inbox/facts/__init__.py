"""What is kept of objects that are no subscriptions: one file for each kind, read again from Stripe every time."""
