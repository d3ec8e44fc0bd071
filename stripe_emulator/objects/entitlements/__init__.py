"""Which features a customer is entitled to."""
