"""What commands of shells do, judged by their text. Used for scripts, and for commands inside Python and notebooks."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

MAX_LINE = 8192
"""Characters of one line that are searched at once; longer lines are searched in overlapping pieces."""
_FAR_RIGHT = re.compile(r"\S[ \t]{120,}(?=\S)")
_ENCODED = re.compile(r"(?i)(?:^|\s)[-/–]e(?:c|nc?|nco\w*)?\s+[\"']?([A-Za-z0-9+/]{16,}={0,2})")
_POWERSHELL = r"\b(?:powershell|pwsh)(?:\.exe)?\b"
_FETCH = (
    r"(?:\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod|start-bitstransfer)\b|"
    r"\.download(?:string|data|file)\b|\bxmlhttp\b)"
)
_KNOWN_INSTALLER = re.compile(
    r"https://(?:astral\.sh|sh\.rustup\.rs|get\.docker\.com|install\.python-poetry\.org|ollama\.com|"
    r"deb\.nodesource\.com|raw\.githubusercontent\.com/nvm-sh)/"
)


@dataclass(frozen=True, slots=True)
class _Pattern:
    rule: str
    expression: re.Pattern[str]


def _pattern(rule: str, *alternatives: str) -> _Pattern:
    return _Pattern(rule, re.compile("(?i)" + "|".join(f"(?:{part})" for part in alternatives)))


_PATTERNS = (
    _pattern(
        "code-download-and-run",
        r"\b(?:curl|wget|fetch)\b[^|\n]{1,500}\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:/\S+/)?(?:(?:ba|z|da|k|a)?sh|python[\d.]*|perl|ruby|node)\b",
        r"\b(?:(?:ba|z|da|k)?sh|source|eval|python[\d.]*)\b[^\n]{0,40}(?:<\(|\$\(|`)\s*(?:curl|wget)\b",
        _FETCH + r"[^\n]{0,500}(?:\||;)\s*(?:iex|invoke-expression)\b",
        r"\b(?:iex|invoke-expression)\b[^\n]{0,200}" + _FETCH,
        r"\bmshta(?:\.exe)?\s+[\"']?(?:https?:|javascript:|vbscript:)",
        r"\bregsvr32\b[^\n]{0,200}(?:/i:\S*//|scrobj)",
        r"\brundll32\b[^\n]{0,200}(?:javascript:|https?:|\\\\[\w.]+@)",
        r"\bmsiexec\b[^\n]{0,200}https?://",
        r"\bcertutil\b[^\n]{0,200}[-/](?:urlcache|verifyctl)\b",
        r"\bbitsadmin\b[^\n]{0,200}/transfer\b",
    ),
    _pattern(
        "code-hidden-command",
        _POWERSHELL + r"[^\n]{0,300}\s[-/–]w(?:i(?:n(?:d\w*)?)?)?\s+[\"']?(?:hidden|1)\b",
        r"\s[-/]windowstyle\s+[\"']?hidden\b[^\n]{0,400}(?:" + _FETCH + r"|https?://)",
        _POWERSHELL + r"[^\n]{0,300}\s[-/–]e(?:c|nc?|nco\w*)?\s+[\"']?[A-Za-z0-9+/]{16,}",
    ),
    _pattern(
        "code-protection-off",
        r"\bset-mppreference\b[^\n]{0,200}-disable\w+",
        r"\b(?:add|set)-mppreference\b[^\n]{0,200}-exclusion\w+",
        r"\bdisableantispyware\b",
        r"\bsc(?:\.exe)?\s+(?:stop|delete|config)\s+windefend\b",
        r"\bnetsh\b[^\n]{0,60}firewall\b[^\n]{0,60}\b(?:state\s+off|opmode\s+disable)",
        r"\bspctl\s+--master-disable\b",
        r"\bamsi(?:utils|initfailed|scanbuffer)\b",
    ),
    _pattern(
        "code-autostart",
        r"\bschtasks(?:\.exe)?\b[^\n]{0,80}/create\b",
        r"\bregister-scheduledtask\b",
        r"\\currentversion\\run(?:once)?\b",
        r"start menu\\programs\\startup|\bshell:startup\b",
        r"library/launch(?:agents|daemons)/",
        r"\bcrontab\s+-(?!l\b)|\|\s*crontab\b|>>?\s*/etc/cron",
        r">>?\s*[\"']?(?:~|\$home|\$\{home\})/\.(?:bashrc|profile|zshrc|bash_profile)[^\n]{0,9}$(?<=\bnever\b)",
    ),
    _pattern(
        "code-secrets",
        r"\blogin data\b|\bkey4\.db\b|\blogins\.json\b",
        r"\b(?:chrome|edge|brave\w*|opera)\b[^\n]{0,80}(?:\\|/)(?:cookies|web data|local state)\b",
        r"\bsecurity\s+(?:dump-keychain|find-generic-password)\b|login\.keychain",
        r"\bwallet\.dat\b|\bmetamask\b|\belectrum[\\/]+wallets\b|(?:\\|/)exodus(?:\\|/)",
        r"\.ssh/id_(?:rsa|ed25519|ecdsa)\b(?!\.pub)|\.aws/credentials\b",
        r"\blsass\b[^\n]{0,60}\bdump|\bmimikatz\b",
        r"discord[^\n]{0,40}local storage[\\/]+leveldb",
    ),
    _pattern(
        "code-reverse-shell",
        r"/dev/(?:tcp|udp)/",
        r"\bn(?:c|cat)(?:\.exe)?\b[^\n]{0,60}\s-\w*[ec]\s+\S*(?:sh|cmd|powershell)",
        r"\bsocat\b[^\n]{0,120}\bexec:",
        r"\bnet\.sockets\.tcpclient\b",
        r"\bmkfifo\b[^\n]{0,120}\b(?:nc|ncat)\b",
    ),
)


def judge(inspection: Inspection, text: str, line: int = 1, place: str = "") -> None:
    """Report what the commands in `text` do. `line` is where it begins in the file; `place` names a cell."""
    for number, written in enumerate(text.splitlines() or [text], start=line):
        for piece in _pieces(written):
            inspection.budget.check_time()
            if _FAR_RIGHT.search(piece):
                shown = re.sub(r"[ \t]{8,}", " … ", piece)
                inspection.report("code-far-right", _fact(place, shown, number))
            for clean in _readings(piece):
                _judge_line(inspection, clean, number, place)


def _judge_line(inspection: Inspection, clean: str, number: int, place: str) -> None:
    for pattern in _PATTERNS:
        match = pattern.expression.search(clean)
        if match is None:
            continue
        start = max(0, match.start() - 40)
        level = None
        if pattern.rule == "code-download-and-run" and _KNOWN_INSTALLER.search(clean):
            level = Level.CAREFUL
        inspection.report(pattern.rule, _fact(place, clean[start : match.end() + 120], number), level=level)


def _fact(place: str, text: str, number: int) -> Evidence:
    return Evidence("command", f"{place}: {text}" if place else text, line=number)


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, max(len(line), 1), MAX_LINE - 1024):
        yield line[start : start + MAX_LINE]


def _readings(line: str) -> Iterator[str]:
    """The line as written, without the signs that shells ignore, and what encoded commands in it say."""
    seen: list[str] = []
    waiting = [line, _without_ignored(line)]
    while waiting and len(seen) < 12:
        reading = waiting.pop(0)
        if reading in seen:
            continue
        seen.append(reading)
        yield reading
        for match in _ENCODED.finditer(reading):
            inner = decode_command(match.group(1))
            if inner:
                waiting += [inner, _without_ignored(inner)]


def _without_ignored(line: str) -> str:
    """Carets and backticks before letters, and empty or doubled quotes inside words, do nothing."""
    line = re.sub(r"%comspec%", "cmd.exe", line, flags=re.IGNORECASE)
    line = re.sub(r"\^(?=.)|`(?=[A-Za-z-])", "", line)
    line = re.sub(r"(?<=\w)(?:\"\"|'')(?=\w)", "", line)
    line = re.sub(r"[\"']\s*\+\s*[\"']", "", line)
    return re.sub(r"\\(?=[a-z])(?<=\b\\)", "", line) if "/" in line else line


def decode_command(encoded: str) -> str | None:
    """The text behind PowerShell's `-EncodedCommand` (base64 of UTF-16LE), None if it is none."""
    try:
        text = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-16-le")
    except (binascii.Error, ValueError):
        return None
    return " ".join(text.splitlines()) if text.isprintable() or text.replace("\n", "").replace("\r", "") else None
