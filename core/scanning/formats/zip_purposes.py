"""What a zip is for, from the names of its members, and which of them its reader takes for plain numbers."""

import re

from core.scanning.formats.zip_directory import Directory, Entry

_ROOT = re.compile(r"(.*/)?(data|constants|bytecode|traced_inputs)\.pkl")
_STORAGE = re.compile(r"(.*/)?(data|constants|bytecode|traced_inputs)/\d+")
_RAW = {
    "torch_package": re.compile(r"(.*/)?\.data/\d+\.storage"),
    "torch_export": re.compile(r"(.*/)?data/(weights|constants)/(weight|tensor|opaque|param|buffer)\w*"),
    "skops": re.compile(r"[\w-]+\.bin"),
}
"""Members without a format of their own: PyTorch maps them as storages, skops gives them to XGBoost and the like."""


_OPEN_DOCUMENT_MACROS = re.compile(
    r"(?:Basic/(?!script-lc\.xml$|dialog-lc\.xml$)[^/]+/(?!script-lb|dialog-lb)|Scripts/)[^/]*.+"
)


def kind_of_zip(names: list[str]) -> str:  # noqa: C901, PLR0911, PLR0912  one question per purpose
    """What a zip is for, from its members' names."""
    have = set(names)
    ends = {name.rpartition("/")[2] for name in names}
    if "AndroidManifest.xml" in have:
        return "android_package"
    if "AppxManifest.xml" in have or "AppxMetadata/AppxBundleManifest.xml" in have:
        return "appx_package"
    if "extension.vsixmanifest" in have or {"manifest.json", "META-INF/mozilla.rsa"} <= have:
        return "program_extension"
    if "[Content_Types].xml" in have or _is_open_document(have):
        return "office_macros" if any(map(_has_macros, names)) else "office_document"
    if "META-INF/MANIFEST.MF" in have and any(name.endswith(".class") for name in names):
        return "java_archive"
    if any(name.endswith(".dist-info/METADATA") for name in names) or "__main__.py" in have:
        return "python_package"
    if "MAR-INF/MANIFEST.json" in have:
        return "mar"
    if any(name.endswith(".data/extern_modules") for name in names):
        return "torch_package"
    if "archive_format" in ends and any("/models/" in name for name in names):
        return "torch_export"
    if "constants.pkl" in ends or any("/code/" in name and name.endswith(".py") for name in names):
        return "torch_script" if "data.pkl" in ends else "zip"
    if "data.pkl" in ends:
        return "torch_zip"
    if {"config.json", "metadata.json"} <= have or ("config.json" in have and "model.weights.h5" in have):
        return "keras"
    if "schema.json" in have:
        return "skops"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    return "zip"


def _is_open_document(names: set[str]) -> bool:
    """True for the members of an Open Document (ODF 1.3, part 2)."""
    return "content.xml" in names and bool(names & {"mimetype", "META-INF/manifest.xml"})


def _has_macros(name: str) -> bool:
    """True for a member that holds macros, of either family or of the language before Visual Basic."""
    last = name.rpartition("/")[2]
    return last == "vbaProject.bin" or "/macrosheets/" in name or _OPEN_DOCUMENT_MACROS.fullmatch(name) is not None


def storages(kind: str, directory: Directory) -> frozenset[Entry]:
    """Members that PyTorch reads as raw numbers, never as a pickle: `<root>/data/<digits>`, stored."""
    if kind not in {"torch_zip", "torch_script"}:
        return frozenset()
    roots = {entry.name[: -len(".pkl")] for entry in directory.entries if _ROOT.fullmatch(entry.name)}
    return frozenset(
        entry
        for entry in directory.entries
        if entry.stored and _STORAGE.fullmatch(entry.name) and entry.name.rpartition("/")[0] in roots
    )


def is_raw(kind: str, name: str) -> bool:
    """True for a member that is nothing but numbers to the reader of this kind of zip."""
    pattern = _RAW.get(kind)
    return pattern is not None and pattern.fullmatch(name) is not None
