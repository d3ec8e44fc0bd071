"""What is sold: products, prices, tax rates, features."""
