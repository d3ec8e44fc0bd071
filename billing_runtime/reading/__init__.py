"""What was used and what it will cost: consumption, history, the next invoice."""
