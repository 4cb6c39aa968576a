"""A report as HTML for people and JSON for programs."""
