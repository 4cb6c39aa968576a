"""The window. Draws, asks, never decides."""
