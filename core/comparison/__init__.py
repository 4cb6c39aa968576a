"""Two cards and two file lists side by side."""
