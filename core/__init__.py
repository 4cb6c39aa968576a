"""Sallyport without a window: everything that reads, compares, judges and stores. Never imports Qt."""

__version__ = "0.1.0"
