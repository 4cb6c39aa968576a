"""What the Hub's five scanners say of a file, in the Hub's own shape.

A repository's facts hold the short form: `{"status": "unsafe", "protectai": "unsafe", "imports": [["posix",
"system", "dangerous"]]}`; engines left out say the same as `status` where that is a waiting state, else "safe".
"""

from collections.abc import Mapping
from typing import Any

_WAITING = frozenset({"unscanned", "queued", "error"})
_BAD = frozenset({"caution", "suspicious", "unsafe"})
_ENGINES = {
    "protectAiScan": "protectai",
    "avScan": "av",
    "pickleImportScan": "pickle",
    "virusTotalScan": "virustotal",
    "jFrogScan": "jfrog",
}
_MESSAGES = {
    "safe": "No security issues detected",
    "unscanned": "",
    "queued": "",
    "error": "Scan failed",
    "caution": "This file needs care",
    "suspicious": "This file looks unusual",
    "unsafe": "This file can run code when it is loaded",
}


def file_status(scan: Mapping[str, Any]) -> dict[str, Any]:
    """`securityFileStatus` of a tree entry, from the short form."""
    status = scan.get("status", "safe")
    usual = status if status in _WAITING else "safe"
    wire: dict[str, Any] = {"status": status}
    for key, short in _ENGINES.items():
        word = scan.get(short, usual)
        wire[key] = {"status": word, "message": _MESSAGES[word], "reportLink": "", "reportLabel": ""}
    imports = [{"module": module, "name": name, "safety": safety} for module, name, safety in scan.get("imports", ())]
    word = wire["pickleImportScan"]["status"]
    version = "0.0.0" if word in _WAITING else "0.0.32"
    wire["pickleImportScan"] = {"status": word, "pickleImports": imports, "version": version}
    return wire


def repository_status(scans: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """`securityRepoStatus` of a repository: files that are not in `scans` have been scanned, without result."""
    words = {path: scan.get("status", "safe") for path, scan in scans.items()}
    return {
        "scansDone": not any(word in _WAITING for word in words.values()),
        "filesWithIssues": [{"path": path, "level": word} for path, word in words.items() if word in _BAD],
    }
