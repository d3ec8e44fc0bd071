"""How much somebody may use, and in which window it is counted: rules without storage and without Stripe."""
