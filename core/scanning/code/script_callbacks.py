"""JavaScript hands what it fetches to functions: `https.get(url, (r) => r.on("data", (part) => (all += part)))`."""

import re
from collections.abc import Iterator

_MOST_NAMES = 200
_ASKS = re.compile(
    r"\bhttps?(?:[\"']\s*\))?\.(?:get|request)\s*\(|(?<![\w.$])(?:fetch|got|axios|request|needle)(?:\.\w{1,10})?\s*\(|"
    r"(?<![\w$])\w{1,20}\.(?:get|request)\s*\(\s*[\"'`]https?:|"
    r"\bnet(?:[\"']\s*\))?\.(?:connect|createConnection)\s*\(|\bnew\s+(?:WebSocket|XMLHttpRequest)\b"
)
_NAME = r"[A-Za-z_$][\w$]{0,60}"
_GIVES = re.compile(
    rf"\.(?:on|once|addEventListener)\s*\(\s*[\"'](?:data|message)[\"']\s*,\s*(?:async\s*)?(?:function\s*\w*\s*)?\(?\s*({_NAME})"
    rf"|\.then\s*\(\s*(?:async\s*)?(?:function\s*\w*\s*)?\(?\s*({_NAME})\s*(?:\)|=>|,)"
    rf"|\brequest\s*\([^\n]{{1,300}}?\(\s*{_NAME}\s*,\s*{_NAME}\s*,\s*({_NAME})\s*\)"
)
"""A function that gets what was fetched, by the name of its parameter."""
_COLLECTS = re.compile(
    rf"(?<![\w$.])({_NAME})\s*\+=\s*({_NAME})|(?<![\w$.])({_NAME})\.push\(\s*({_NAME})"
    rf"|(?<![\w$.])({_NAME})\s*=\s*(?:Buffer\.concat\(|JSON\.parse\()?\s*({_NAME})\b"
)
_TAKES = re.compile(rf"(?:const|let|var)\s+\{{\s*(?:\w+\s*:\s*)?({_NAME})\s*[,}}][^=\n]{{0,100}}=\s*await\b")
_SAVES = re.compile(
    rf"(?:createWriteStream|writeFile(?:Sync)?|\bBun\.write|outputFile(?:Sync)?)\s*\(\s*({_NAME}|[\"'`][^\"'`\n]{{1,200}}[\"'`])"
)
_STARTS = re.compile(
    r"(?<![\w$])(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|fork|require|import|Deno\.Command|Bun\.spawn(?:Sync)?)\s*\(\s*\[?\s*"
    r"(?:[\"'`](?:(?:node|python3?|sh|bash|cmd(?:\s+/c)?|start|powershell|chmod\s+\+x)\s+){0,2}(?:\$\{|\s*[\"'`]\s*\+\s*))?"
    rf"({_NAME}|[\"'`][^\"'`\n]{{1,200}}[\"'`])\s*[,)}}+]"
)
"""A file stands where the name of a program does."""


class Callbacks:
    """One script, line by line."""

    def __init__(self) -> None:
        self._asks = False
        self._names: set[str] = set()
        self._files: set[str] = set()

    def given(self, line: str) -> Iterator[str]:
        """Names that stand for what was fetched, from this line on."""
        self._asks = self._asks or _ASKS.search(line) is not None
        self._files.update(match[1].strip("\"'`") for match in _SAVES.finditer(line))
        if not self._asks or len(self._names) > _MOST_NAMES:
            return
        for match in _GIVES.finditer(line):
            yield from self._new(next(part for part in match.groups() if part is not None))
        if _ASKS.search(line):
            for match in _TAKES.finditer(line):
                yield from self._new(match[1])
        for match in _COLLECTS.finditer(line):
            into, what = [part for part in match.groups() if part is not None]
            if what in self._names:
                yield from self._new(into)

    def starts(self, line: str) -> bool:
        """Whether the line starts a file that this script writes while it uses the network."""
        return self._asks and any(match[1].strip("\"'`") in self._files for match in _STARTS.finditer(line))

    def _new(self, name: str) -> Iterator[str]:
        if name not in self._names:
            self._names.add(name)
            yield name
