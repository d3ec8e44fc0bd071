"""Using up what a plan allows: a decision, and what Stripe is to be told of it, are on disk before the caller knows."""
