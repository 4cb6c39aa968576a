"""What every file is and does, read by content."""
