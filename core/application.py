"""What the window and the command line share: one object that owns folders, settings, hub and quarantine."""

from core.services import HistoryEntry, OriginalChoice, Services

__all__ = ["HistoryEntry", "OriginalChoice", "Services"]
