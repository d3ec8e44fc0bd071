"""What `billing config explain` tells: every setting with its origin, what a stack overrides, what is wrong with it."""
