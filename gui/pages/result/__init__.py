"""The tabs of the result page."""
