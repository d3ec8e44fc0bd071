"""How money is collected: intents, charges, refunds, and what happens when a payment fails."""
