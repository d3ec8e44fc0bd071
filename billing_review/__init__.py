"""REVIEW: what a change of the catalog does, read from plans and manifests as data. Not built yet (see CHANGELOG)."""
