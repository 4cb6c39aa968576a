"""Commands in XML: steps of a build (MSBuild `Exec`), scripts of a style sheet (`msxsl:script`), services of macOS."""

import html
import itertools
import re

from core.findings import Level
from core.scanning.code import compiled_sources
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.inspection import Inspection
from core.text import text

_MOST = 1 << 20
"""Characters. Style sheets with scripts, build files and settings of services are small."""
_COMMANDS = re.compile(r"<exec\b|script\b|<code\b|<\w{0,20}command|programarguments", re.IGNORECASE)
_MOST_SCRIPTS = 20
_STYLES = re.compile(r"<(?:\w{1,20}:)?(?:stylesheet|transform)\b")
_SCRIPT_STARTS = re.compile(
    r"(?:activexobject|createobject)\s*\(\s*[\"'](?:wscript|shell)\.|\bdiagnostics\.process\b|\bprocess\.start\s*\(",
    re.IGNORECASE,
)
"""A script in a style sheet starts a program (wmic, msxsl and .NET run such scripts)."""
_LONGEST = 8192
_SCRIPT = re.compile(r"<(?:\w{1,20}:)?script\b[^>]{0,300}>|<Code\b[^>]{0,200}>", re.IGNORECASE)


def report_commands(inspection: Inspection, source: str) -> None:
    """Judge every line, and the beginning of each script as one line."""
    if len(source) > _MOST:
        if _COMMANDS.search(source):
            inspection.partly("too_large")
        return
    plain = html.unescape(source)
    if _STYLES.search(plain[:4096]) and _SCRIPT_STARTS.search(plain):
        inspection.report("code-script", level=Level.HIGH, kind=text("kind.windows_script"))
    with Behaviour(inspection) as behaviour:
        for number, line in enumerate(plain.splitlines(), start=1):
            behaviour.command(line, number)
        for script in itertools.islice(_SCRIPT.finditer(plain), _MOST_SCRIPTS):
            line_number = plain.count("\n", 0, script.start()) + 1
            if "<code" in script[0].lower():
                part = plain[script.end() :].partition("</Code>")[0]
                behaviour.note("computed", fact("text", script[0][:200], line_number), level=Level.CAREFUL)
                compiled_sources.judge(part, behaviour, line_number)
            behaviour.command(" ".join(plain[script.end() : script.end() + _LONGEST].split()), line_number)
