"""The `billing` command: thin, it calls the other rooms."""
