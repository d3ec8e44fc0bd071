"""One file for each command, or for a family of them."""
