"""What the readers of tensor files share: a header that contradicts its file."""


class Unsound(Exception):
    """The header contradicts the file; the argument is an oddity of the catalogue."""
