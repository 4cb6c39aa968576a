"""Things that a person or a loader would run."""
