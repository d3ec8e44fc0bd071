"""Events and where they are sent."""
