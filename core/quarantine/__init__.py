"""Between the two doors: stored inertly, scanned again, released or deleted."""
