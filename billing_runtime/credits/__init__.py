"""Credits: units on top of what a plan includes, given or bought, in a ledger whose sum is the balance."""
