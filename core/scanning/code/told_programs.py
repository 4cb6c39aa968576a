"""Texts that tell people to start a program of the repository: the way in of the attack of May 2026 (threats F3)."""

import re

from core.scanning.byte_sources import line_at, newline_offsets
from core.scanning.code.behaviour import fact
from core.scanning.inspection import Inspection

_TOLD = re.compile(
    r"\b(?:run|start|launch|open|execute|double[- ]?click|click)(?:s|ing)?\b[^.\n]{0,60}?(?<![\w./\\-])"
    r"(?:\.{0,2}[\\/])?((?:[\w-]{1,40}[\\/]){0,4}[\w-]{1,60}\.(?:bat|cmd|ps1|vbs|vbe|wsf|hta|exe|scr|pif|msi|lnk|jar))\b",
    re.IGNORECASE,
)
_SHELL_LINE = re.compile(
    r"(?m)^\s*(?:[$>]\s*)?(?:start\s+|call\s+)?(?:\.[\\/])?([\w-]{1,60}\.(?:bat|cmd|exe|vbs|hta))\s*$", re.IGNORECASE
)
_OF_THE_SYSTEM = re.compile(
    r"(?:^|[\\/])(?:cmd|powershell|pwsh|python\w*|conda|pip|git|wsl|bash|explorer|notepad|wt|ollama|docker|code|nvcc|"
    r"cmake|msbuild|ffmpeg|npm|node|7z\w*)\.(?:exe|cmd|bat)$",
    re.IGNORECASE,
)
_OF_A_KNOWN_TOOL = re.compile(
    r"^(?:run_(?:nvidia_gpu|cpu)\w*|webui(?:-user)?|(?:start|update|cmd)_windows|koboldcpp\w*|llama-\w+|main|invoke|"
    r"lm[-_ ]?studio\S*|comfyui\S*|fooocus\S*|run_anime|run_realistic)\.(?:bat|exe|cmd)$",
    re.IGNORECASE,
)
"""Programs of the tools that models are loaded with, which cards name; in the repository itself they are strange."""
_WARNS = re.compile(r"(?:\b(?:not|never|avoid|without|refuse\w*|instead\s+of)|n['’]t)\b[^.\n]{0,30}$", re.IGNORECASE)
_ELSEWHERE = re.compile(r"https?://(?:www\.)?(?:github|gitlab)\.com/[\w.-]+/[\w.-]+", re.IGNORECASE)
"""A project on a code host, whose programs a card may well speak of."""
_SEARCHED = 1 << 18
_MOST = 50


def report_programs(inspection: Inspection, source: str) -> None:
    """Name what is to be started, if it lies in the repository; a text that is looked at alone may belong to any."""
    source = source[:_SEARCHED]
    paths = inspection.surroundings.paths
    alone = len(paths) <= 1 and _ELSEWHERE.search(source) is None
    beside = {path.rpartition("/")[2].lower() for path in paths}
    newlines = newline_offsets(source)
    found = [*_TOLD.finditer(source), *_SHELL_LINE.finditer(source)]
    for match in found[:_MOST]:
        inspection.budget.check_time()
        name = re.split(r"[\\/]", match[1])[-1]
        here = name.lower() in beside
        if _OF_THE_SYSTEM.search(name) or not (here or (alone and not _OF_A_KNOWN_TOOL.match(name))):
            continue
        if _WARNS.search(source[max(0, match.start() - 60) : match.start()]):
            continue
        told = fact("text", match[0].strip(), line_at(newlines, match.start(1)))
        inspection.report("instruction-program", told, name=name)
