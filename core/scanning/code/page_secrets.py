"""Pages that take what keeps a person logged in, and send it to an address of their own."""

import re

_HOLDS = re.compile(
    r"(?:\b(?:const|let|var)\s+)?([A-Za-z_$][\w$]{0,60})\s*=[^=\n;]{0,200}?(?:\bdocument\.cookie\b(?!\s*=)|"
    r"\b(?:local|session)Storage\.getItem\(\s*[\"'][^\"'\n]{0,40}(?:token|auth|key|secret|session)|\bJSON\.stringify\(\s*(?:local|session)Storage\b)"
)
_SENDS = re.compile(
    r"(?:\bsendBeacon\s*\(|\bnew\s+WebSocket\s*\(|\bnew\s+Image\b|\.src\s*=|\bwindow\.open\s*\(|\blocation(?:\.href)?\s*=|\bfetch\s*\(|"
    r"\bpost\s*\(|\.send\s*\()[^\n]{0,600}"
)
_AWAY = re.compile(r"[\"'`](?:https?:|wss?:)?//(?!localhost|127\.)[^\"'`\s]{3,}")
_AS_A_KEY = re.compile(r"\b(?:Authorization|Bearer|X-\w+|headers)\b", re.IGNORECASE)
"""How a page uses a key for the service that gave it."""
_MOST_NAMES = 100


class PageSecrets:
    """One script, line by line."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def line(self, line: str) -> str:
        """The line, if it sends away what an earlier one took; else an empty text."""
        for match in _HOLDS.finditer(line[:8192]):
            if len(self._names) < _MOST_NAMES:
                self._names.add(match[1])
        if not self._names or not _AWAY.search(line):
            return ""
        for match in _SENDS.finditer(line[:8192]):
            words = set(re.findall(r"[A-Za-z_$][\w$]*", match[0]))
            if words & self._names and not _AS_A_KEY.search(match[0]):
                return line.strip()
        return ""
