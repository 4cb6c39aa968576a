"""Other files that say what is installed: pyproject.toml, Pipfile, setup.cfg, environment.yml, package.json, pip.conf.

Their entries are judged like the lines of a list of packages; nothing is resolved or fetched.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from core.findings import Evidence
from core.scanning.inspection import Inspection
from core.scanning.requirements import judge_line, level_of_place

TEXT_NAMES = re.compile(
    r"(?:^|/)(?:setup\.cfg|pip\.(?:conf|ini)|\.?pypirc|\.npmrc|\.yarnrc(?:\.ya?ml)?|uv\.toml|Pipfile)$"
)
"""Files without a kind of their own that are read here."""
_ENVIRONMENT = re.compile(
    r"(?:^|/)(?:(?:[\w.-]*environment[\w.-]*|conda[\w.-]*)\.ya?ml|\.(?:conda|mamba)rc)$", re.IGNORECASE
)
_TOML = re.compile(r"(?:^|/)(?:pyproject\.toml|uv\.toml|Pipfile)$")
_ENTRY = re.compile(r"^\s*-\s+[\"']?(.+?)[\"']?\s*$")
_LIST = re.compile(r"^\s*-?\s*(pip|channels|dependencies)\s*:")
_INDEX = re.compile(
    r"^\s*(?:(?:extra-)?index-url|find-links|(?:@[\w.-]{1,100}:)?registry|npmRegistryServer|channel_alias)\s*[=:]\s*[\"']?([^\s\"']+)"
)
"""Settings of pip, and of npm (npm docs, npmrc: registry, @scope:registry)."""
_MOST = 5000


def scan(inspection: Inspection, source: str) -> None:
    """Judge what such a file would install; other files are left alone."""
    path = inspection.path
    if _TOML.search(path):
        _scan_toml(inspection, source)
    elif _ENVIRONMENT.search(path):
        _scan_environment(inspection, source)
    elif TEXT_NAMES.search(path):
        _scan_settings(inspection, source)


def scan_package_json(inspection: Inspection, document: object) -> None:
    """Packages of npm that come from an address (npm docs, package.json: URLs as dependencies)."""
    if not isinstance(document, dict) or not inspection.path.endswith("package.json"):
        return
    for group in ("dependencies", "devDependencies", "optionalDependencies"):
        entries = document.get(group)
        for name, place in entries.items() if isinstance(entries, dict) else ():
            if isinstance(place, str) and re.match(r"(?:https?|git\+\w+)://", place):
                fact = Evidence("entry", f"{name}: {place}")
                inspection.report("requirement-direct", fact, level=level_of_place(place), place=place)


_MOST_DOTS = 1000
"""In one line. The time that a key takes grows with the square of its parts."""


def _scan_toml(inspection: Inspection, source: str) -> None:
    if any(line.count(".") > _MOST_DOTS for line in source.splitlines()):
        inspection.partly("too_complicated")
        return
    try:
        document = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError):
        inspection.partly("structure_broken")
        return
    for line in _requirements(document):
        judge_line(inspection, line, None)
    backend = document.get("build-system", {})
    if isinstance(backend, dict) and backend.get("backend-path"):
        fact = Evidence("entry", f"build-backend: {backend.get('build-backend')}")
        inspection.report("requirement-beside", fact, name=str(backend.get("build-backend")))


def _requirements(document: dict[str, Any]) -> Iterator[str]:
    """Lines as pip would read them (PEP 621, 518, 735; poetry, uv and pipenv by their own documentation)."""
    project, tools = _table(document, "project"), _table(document, "tool")
    yield from _strings(project.get("dependencies"))
    yield from _strings(_table(document, "build-system").get("requires"))
    for group in (project.get("optional-dependencies"), document.get("dependency-groups")):
        for entries in group.values() if isinstance(group, dict) else ():
            yield from _strings(entries)
    poetry, uv = _table(tools, "poetry"), _table(tools, "uv")
    for table in (
        poetry.get("dependencies"),
        document.get("packages"),
        document.get("dev-packages"),
        uv.get("sources"),
    ):
        yield from _named(table)
    for group in _table(poetry, "group").values():
        yield from _named(group.get("dependencies") if isinstance(group, dict) else None)
    for place in (poetry.get("source"), uv.get("index"), document.get("source"), document.get("index")):
        for entry in place if isinstance(place, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("url"), str):
                yield f"--index-url {entry['url']}"


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _strings(entries: object) -> Iterator[str]:
    yield from (one for one in (entries if isinstance(entries, list) else ())[:_MOST] if isinstance(one, str))


def _named(table: object) -> Iterator[str]:
    """`name = "1.0"` or `name = {url = …, git = …, file = …}`."""
    for name, wanted in table.items() if isinstance(table, dict) else ():
        if name == "python":
            continue
        place = None
        if isinstance(wanted, dict):
            place = next((wanted[key] for key in ("url", "file", "git") if isinstance(wanted.get(key), str)), None)
            place = f"git+{place}" if place and "git" in wanted else place
        yield f"{name} @ {place}" if place else name


def _scan_environment(inspection: Inspection, source: str) -> None:
    """Lists of a conda environment: packages for pip, and channels that are addresses."""
    inside = ""
    for number, line in enumerate(source.splitlines()[:_MOST], start=1):
        head, entry = _LIST.match(line), _ENTRY.match(line.partition(" #")[0])
        if head is not None:
            inside = head[1]
        elif entry is not None and inside == "pip":
            judge_line(inspection, entry[1], number)
        elif entry is not None and inside == "channels" and "://" in entry[1]:
            judge_line(inspection, f"--index-url {entry[1]}", number)


def _scan_settings(inspection: Inspection, source: str) -> None:
    """`setup.cfg` and the settings of pip: lines of lists, and where packages come from."""
    inside = False
    for number, line in enumerate(source.splitlines()[:_MOST], start=1):
        index = _INDEX.match(line)
        if index is not None:
            judge_line(inspection, f"--index-url {index[1]}", number)
        elif re.match(r"^\s*(?:install_requires|setup_requires|tests_require)\s*=", line):
            inside = True
            judge_line(inspection, line.partition("=")[2].strip(), number)
        elif inside and line[:1] in {" ", "\t"}:
            judge_line(inspection, line.strip(), number)
        else:
            inside = False
