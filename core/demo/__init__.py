"""The embedded demo hub and the scenarios it serves."""
