"""Where `billing parity` gets what it compares: stack settings, manifests of either engine or of files, accounts."""
