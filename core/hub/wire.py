"""The Hub's JSON, read strictly: what has the wrong shape is refused or "not stated", never guessed.

Shapes: the Hub's OpenAPI document and captured answers. Everything here comes from a server we do not control.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.address import is_name
from core.repository import (
    Account,
    Commit,
    Discussion,
    EngineResult,
    EngineState,
    Figures,
    ModelFacts,
    RepositoryFile,
)

ENGINES = ("protectAiScan", "avScan", "pickleImportScan", "virusTotalScan", "jFrogScan")
_STATES = {
    "safe": EngineState.NOTHING_FOUND,
    "unscanned": EngineState.WAITING,
    "queued": EngineState.WAITING,
    "error": EngineState.NOT_READ,
    "caution": EngineState.FINDING,
    "suspicious": EngineState.FINDING,
    "unsafe": EngineState.FINDING,
}
_HEX = frozenset("0123456789abcdef")
_LONGEST_PATH = 4096
_LONGEST_TEXT = 10_000
_MOST_IMPORTS = 1000
_LONGEST_TEMPLATE = 1 << 20
_RELATIONS = ("quantized", "adapter", "merge", "finetune")


class Malformed(ValueError):
    """The answer does not have the shape that the Hub's answers have."""


def mapping(value: object) -> dict[str, Any]:
    """A JSON object, or `Malformed`."""
    if not isinstance(value, dict):
        raise Malformed("not an object")
    return value


def rows(value: object) -> list[Any]:
    """A JSON array, or `Malformed`."""
    if not isinstance(value, list):
        raise Malformed("not an array")
    return value


def optional_mapping(value: object) -> dict[str, Any]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """A text that can be written as UTF-8, or ""."""
    if not isinstance(value, str):
        return ""
    return value[:_LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")


def texts(value: object) -> tuple[str, ...]:
    """One text or an array of them; other things in it are left out."""
    found = value if isinstance(value, list) else [value]
    return tuple(text(one) for one in found if isinstance(one, str) and one)


def count(value: object) -> int | None:
    """A whole number from 0 up, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63 else None


def date(value: object) -> datetime | None:
    """An ISO 8601 time with its zone, else None."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def hexadecimal(value: object, length: int) -> str:
    """So many lower-case hex digits, or `Malformed`."""
    if not isinstance(value, str) or len(value) != length or not _HEX.issuperset(value):
        raise Malformed(f"not {length} hexadecimal digits")
    return value


def files(siblings: Iterable[object]) -> tuple[RepositoryFile, ...]:
    """The listing as `?blobs=true` gives it. Raises `Malformed`."""
    return _distinct(
        _file(entry, entry.get("rfilename"), entry.get("blobId"), "sha256") for entry in map(mapping, siblings)
    )


def tree_files(entries: Iterable[object]) -> tuple[RepositoryFile, ...]:
    """The listing as the tree gives it; folders are left out. Raises `Malformed`."""
    found = (entry for entry in map(mapping, entries) if entry.get("type") == "file")
    return _distinct(_file(entry, entry.get("path"), entry.get("oid"), "oid") for entry in found)


def _file(entry: Mapping[str, Any], path: object, oid: object, hash_key: str) -> RepositoryFile:
    if not isinstance(path, str) or not path or len(path) > _LONGEST_PATH or text(path) != path:
        raise Malformed("a file without a usable name")
    size = count(entry.get("size"))
    if size is None:
        raise Malformed("a size that is not a number")
    lfs = entry.get("lfs")
    sha256 = None
    if lfs:
        sha256 = hexadecimal(mapping(lfs).get(hash_key), 64)
        if lfs.get("size", size) != size:
            raise Malformed("two different sizes for one file")
    return RepositoryFile(path, size, hexadecimal(oid, 40), sha256)


def _distinct(found: Iterable[RepositoryFile]) -> tuple[RepositoryFile, ...]:
    by_path: dict[str, RepositoryFile] = {}
    for file in found:
        if file.path in by_path:
            raise Malformed("a file listed twice")
        by_path[file.path] = file
    return tuple(by_path[path] for path in sorted(by_path))


def engine_results(status: object) -> tuple[EngineResult, ...]:
    """All five engines of a `securityFileStatus`; one that is left out was not read."""
    given = optional_mapping(status)
    if not given:
        return ()
    return tuple(_engine_result(name, optional_mapping(given.get(name))) for name in ENGINES)


def _engine_result(name: str, given: Mapping[str, Any]) -> EngineResult:
    word = text(given.get("status"))
    listed = given.get("pickleImports")
    imports = (optional_mapping(one) for one in (listed if isinstance(listed, list) else [])[:_MOST_IMPORTS])
    return EngineResult(
        engine=name,
        state=_STATES.get(word, EngineState.NOT_READ),
        raw=word,
        message=text(given.get("message")),
        imports=tuple((text(one.get("module")), text(one.get("name")), text(one.get("safety"))) for one in imports),
    )


def commit(value: object) -> Commit:
    """One entry of the history, or `Malformed`."""
    given = mapping(value)
    listed = given.get("authors")
    authors = [optional_mapping(one).get("user") for one in listed] if isinstance(listed, list) else []
    return Commit(
        id=hexadecimal(given.get("id"), 40),
        title=text(given.get("title")),
        date=date(given.get("date")),
        authors=texts(authors),
    )


def organization(value: object, name: str) -> Account:
    """An organisation's overview. Whether the Hub states `isVerified: false` is not known: absent is "not stated"."""
    given = mapping(value)
    verified = given.get("isVerified")
    return Account(
        name=text(given.get("name")) or name,
        is_organization=True,
        full_name=text(given.get("fullname")),
        verified=verified if isinstance(verified, bool) else None,
        created_at=date(given.get("createdAt")),
        followers=count(given.get("numFollowers")),
        models=count(given.get("numModels")),
        datasets=count(given.get("numDatasets")),
        spaces=count(given.get("numSpaces")),
        members=count(given.get("numUsers")),
        plan=text(given.get("plan")) or None,
    )


def user(value: object, name: str) -> Account:
    """A user's overview; users are never "verified"."""
    given = mapping(value)
    return Account(
        name=text(given.get("user")) or name,
        is_organization=False,
        full_name=text(given.get("fullname")),
        created_at=date(given.get("createdAt")),
        followers=count(given.get("numFollowers")),
        models=count(given.get("numModels")),
        datasets=count(given.get("numDatasets")),
        spaces=count(given.get("numSpaces")),
        plan="pro" if given.get("isPro") is True else None,
    )


def discussion(value: object) -> Discussion:
    """A thread of the community page, or `Malformed`."""
    given = mapping(value)
    number = count(given.get("num"))
    if number is None:
        raise Malformed("a discussion without a number")
    return Discussion(
        number=number,
        title=text(given.get("title")),
        author=text(optional_mapping(given.get("author")).get("name")),
        created_at=date(given.get("createdAt")),
        is_pull_request=given.get("isPullRequest") is True,
    )


def model_facts(information: Mapping[str, Any]) -> ModelFacts:
    """What the Hub read out of `config.json`, `tokenizer_config.json`, safetensors and GGUF headers."""
    config = optional_mapping(information.get("config"))
    tokenizer = optional_mapping(config.get("tokenizer_config"))
    gguf = optional_mapping(information.get("gguf"))
    code = optional_mapping(config.get("auto_map")).items()
    return ModelFacts(
        architectures=texts(config.get("architectures") or []),
        model_type=text(config.get("model_type")) or None,
        quantization=text(optional_mapping(config.get("quantization_config")).get("quant_method")) or None,
        auto_map=tuple(sorted((text(key), where) for key, value in code for where in texts(value))),
        parameters=count(optional_mapping(information.get("safetensors")).get("total")),
        chat_template=_template(config.get("chat_template_jinja") or tokenizer.get("chat_template")),
        gguf_architecture=text(gguf.get("architecture")) or None,
        gguf_parameters=count(gguf.get("total")),
        gguf_chat_template=_template(gguf.get("chat_template")),
    )


def _template(value: object) -> str | None:
    """A chat template; several named ones are written out one after the other. None if too long to be compared."""
    if isinstance(value, list):
        named = [optional_mapping(one) for one in value]
        value = "\n".join(f"{text(one.get('name'))}\n{one.get('template')}" for one in named)
    if not isinstance(value, str) or not value or len(value) > _LONGEST_TEMPLATE:
        return None
    return value.encode("utf-8", "replace").decode("utf-8")


def figures(basic: Mapping[str, Any]) -> Figures:
    """Downloads of 30 days, likes, and what else the answer holds."""
    return further_figures(Figures(downloads=count(basic.get("downloads")), likes=count(basic.get("likes"))), basic)


def further_figures(known: Figures, more: Mapping[str, Any]) -> Figures:
    """With downloads of all time and trending, which only an expanded answer has."""
    trending = more.get("trendingScore")
    if isinstance(trending, int | float) and not isinstance(trending, bool):
        known = replace(known, trending_score=float(trending))
    return replace(known, downloads_all_time=count(more.get("downloadsAllTime")))


def base_models(basic: Mapping[str, Any], more: Mapping[str, Any]) -> tuple[str, ...]:
    """Declared by the uploader: front matter, tags, the Hub's own field, and the configuration of an adapter.

    Tags read `base_model:[relation:]owner/name`; `config.peft` is what the Hub reads out of `adapter_config.json`.
    """
    card = optional_mapping(basic.get("cardData"))
    adapter = optional_mapping(optional_mapping(basic.get("config")).get("peft"))
    tagged = (tag for tag in texts(basic.get("tags") or []) if tag.startswith("base_model:"))
    related = optional_mapping(more.get("baseModels")).get("models")
    listed = [optional_mapping(one).get("id") for one in related] if isinstance(related, list) else []
    found = (*texts(card.get("base_model")), *(tag.rpartition(":")[2] for tag in tagged), *texts(listed))
    # Trainers write a path of their own disk there as readily as a name.
    trained_on = (one for one in texts(adapter.get("base_model_name_or_path")) if is_name(one))
    return tuple(dict.fromkeys((*found, *trained_on)))


def base_relation(basic: Mapping[str, Any], more: Mapping[str, Any]) -> str | None:
    """What the uploader declares to have made of the base models; unknown words are "not stated"."""
    card = optional_mapping(basic.get("cardData"))
    tags = [tag.split(":") for tag in texts(basic.get("tags") or []) if tag.startswith("base_model:")]
    tagged = {parts[1] for parts in tags if len(parts) > 2}
    stated = {text(card.get("base_model_relation")), text(optional_mapping(more.get("baseModels")).get("relation"))}
    if optional_mapping(basic.get("config")).get("peft"):
        stated.add("adapter")
    return next((one for one in _RELATIONS if one in tagged or one in stated), None)


def license_link(basic: Mapping[str, Any]) -> str | None:
    """Address of the license text, from front matter."""
    return text(optional_mapping(basic.get("cardData")).get("license_link")) or None


def license_name(basic: Mapping[str, Any]) -> str | None:
    """From front matter, else from the tags."""
    card = optional_mapping(basic.get("cardData"))
    tagged = (tag.removeprefix("license:") for tag in texts(basic.get("tags") or []) if tag.startswith("license:"))
    return next(iter((*texts(card.get("license")), *tagged)), None)
