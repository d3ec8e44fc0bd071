"""What is included, and what that means: pure functions, without a store and without the network."""
