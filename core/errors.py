"""The one family of errors whose text is meant for people. Everything else is a bug."""

from core.text import Message, Value, render


class UserFacingError(Exception):
    """Something a person can understand and act on.

    `message_id` names three sentences in the catalogue: `<id>.what` (what happened), `<id>.means`
    (what that means) and `<id>.do` (what to do now).
    """

    def __init__(self, message_id: str, **values: Value) -> None:
        super().__init__(message_id, values)
        self.message_id = message_id
        self.values = values

    @property
    def what(self) -> str:
        """What happened, one sentence."""
        return self._part("what")

    @property
    def means(self) -> str:
        """What that means for the person, one sentence."""
        return self._part("means")

    @property
    def do(self) -> str:
        """What the person can do now, one sentence."""
        return self._part("do")

    def _part(self, part: str) -> str:
        return render(Message.of(f"{self.message_id}.{part}", **self.values))

    def __str__(self) -> str:
        return f"{self.what} {self.means} {self.do}"
