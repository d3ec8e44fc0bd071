"""What can go wrong while a form is made."""

from __future__ import annotations


class LibraryMissingError(ImportError):
    """A form needs a library that is not installed."""

    @classmethod
    def of(cls, library: str, needed_for: str) -> LibraryMissingError:
        """What is missing, what for, and what to do."""
        return cls(
            f"{needed_for} needs {library}, which is not installed: pip install 'billing-resources[review]', "
            "or choose another form (--format term, md or json).",
            name=library,
        )
