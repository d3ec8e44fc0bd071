"""The price list: what a customer would read of a catalog."""
