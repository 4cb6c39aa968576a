"""The only widgets that may show repository text."""
