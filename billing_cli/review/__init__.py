"""What `billing review` reads and hands on: a plan, two revisions of the catalog, the project's settings."""
