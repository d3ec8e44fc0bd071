"""The application's pages."""
