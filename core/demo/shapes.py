"""The JSON the Hub gives for a repository, a file, a commit and an account."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

from core.demo import security, weights
from core.demo.store import POINTER_SIZE, StoredCommit, StoredFile, StoredRepository
from core.repository import RepositoryKind

_ALWAYS = frozenset({"_id", "id"})
_ONLY_EXPANDED = frozenset({"downloadsAllTime", "trendingScore", "baseModels", "childrenModelCount"})
_OURS = frozenset({"scans", "former_names", "discussions", "likers", "more_tags"})
"""Facts that steer the demo hub and are not the Hub's words."""
_LIST_FIELDS = frozenset(
    {"_id", "id", "modelId", "likes", "trendingScore", "private", "downloads", "tags", "pipeline_tag", "library_name"}
    | {"createdAt"}
)


def identifier(*parts: str, length: int = 24) -> str:
    """Hex digits like the Hub's own ids."""
    return hashlib.sha256("/".join(parts).encode("utf-8", "replace")).hexdigest()[:length]


def liker(name: str, account: Mapping[str, Any] | None) -> dict[str, Any]:
    """One entry of the list of those who like a repository; a name without an account stands for a plain user."""
    known = account or {}
    return {
        "_id": identifier("user", name),
        "user": name,
        "fullname": known.get("fullname", name),
        "avatarUrl": "",
        "type": "org" if known.get("organization") else "user",
        "isPro": False,
    }


def repository_fields(repository: StoredRepository, commit: StoredCommit) -> dict[str, Any]:
    """Every field the Hub knows of a repository at a commit."""
    card = card_data(commit)
    facts = {key: value for key, value in repository.facts.items() if key not in _OURS}
    fields: dict[str, Any] = {
        "_id": identifier(repository.kind, repository.name),
        "id": repository.name,
        "author": repository.owner,
        "sha": commit.id,
        "lastModified": commit.date,
        "createdAt": repository.branches["main"][-1].date,
        "private": False,
        "gated": False,
        "disabled": False,
        "downloads": 0,
        "downloadsAllTime": facts.get("downloads", 0),
        "trendingScore": 0,
        "likes": 0,
        "cardData": card,
        "siblings": [{"rfilename": path} for path in commit.files],
        "usedStorage": sum(file.size for file in commit.files.values()),
    }
    if repository.kind is RepositoryKind.MODEL:
        fields |= _model_fields(repository, commit, card)
    fields |= facts
    fields["tags"] = _tags(fields, card, repository.facts.get("more_tags", ()))
    return fields


def information(
    repository: StoredRepository, commit: StoredCommit, expand: Iterable[str], blobs: bool, security_status: bool
) -> dict[str, Any]:
    """The answer to an information request."""
    fields = repository_fields(repository, commit)
    if blobs:
        fields["siblings"] = [_sibling(file) for file in commit.files.values()]
    if security_status:
        fields["securityRepoStatus"] = security.repository_status(scans(repository, commit))
    wanted = _ALWAYS | set(expand)
    if wanted != _ALWAYS:
        return {key: value for key, value in fields.items() if key in wanted}
    return {key: value for key, value in fields.items() if key not in _ONLY_EXPANDED}


def list_item(fields: Mapping[str, Any], expand: Iterable[str], full: bool, card: bool) -> dict[str, Any]:
    """A repository as a search shows it, from all its fields."""
    if full:
        return dict(fields)
    wanted = set(expand) | _ALWAYS
    shown = (wanted if wanted != _ALWAYS else _LIST_FIELDS) | ({"cardData"} if card else set())
    return {key: value for key, value in fields.items() if key in shown}


def tree_entries(commit: StoredCommit, folder: str, recursive: bool) -> list[tuple[str, StoredFile | None]]:
    """Paths below `folder` with their files; None stands for a folder. Sorted by path."""
    prefix = f"{folder}/" if folder else ""
    entries: dict[str, StoredFile | None] = {}
    for path, file in commit.files.items():
        if not path.startswith(prefix):
            continue
        names = path.removeprefix(prefix).split("/")
        for depth in range(1, len(names) if recursive else min(len(names), 2)):
            entries[prefix + "/".join(names[:depth])] = None
        if recursive or len(names) == 1:
            entries[path] = file
    return sorted(entries.items())


def tree_entry(
    repository: StoredRepository, history: tuple[StoredCommit, ...], path: str, file: StoredFile | None, expand: bool
) -> dict[str, Any]:
    """One entry of a tree or of paths-info."""
    if file is None:
        return {
            "type": "directory",
            "oid": identifier("tree", history[0].id, path, length=40),
            "size": 0,
            "path": path,
        }
    entry: dict[str, Any] = {"type": "file", "oid": file.git_sha1, "size": file.size, "path": path}
    if file.sha256:
        entry["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": POINTER_SIZE}
    if expand:
        last = last_commit(history, file)
        entry["lastCommit"] = {"id": last.id, "title": last.title, "date": last.date}
        entry["securityFileStatus"] = security.file_status(scans(repository, history[0]).get(path, {}))
    return entry


def last_commit(history: tuple[StoredCommit, ...], file: StoredFile) -> StoredCommit:
    """The commit that gave a file its present content."""
    last = history[0]
    for commit in history:
        older = commit.files.get(file.path)
        if older is None or older.git_sha1 != file.git_sha1:
            break
        last = commit
    return last


def commit_item(commit: StoredCommit) -> dict[str, Any]:
    """One entry of the history."""
    return {
        "id": commit.id,
        "title": commit.title,
        "message": commit.message,
        "date": commit.date,
        "authors": [{"user": commit.author, "avatar": ""}],
    }


def scans(repository: StoredRepository, commit: StoredCommit) -> dict[str, Mapping[str, Any]]:
    """Short scan results of the files of a commit; the path "*" speaks for all that are not named."""
    known: dict[str, Mapping[str, Any]] = repository.facts.get("scans", {})
    return {path: known[path if path in known else "*"] for path in commit.files if path in known or "*" in known}


def card_data(commit: StoredCommit) -> dict[str, Any]:
    """The YAML at the head of the README; empty if there is none or it is broken."""
    readme = commit.files.get("README.md")
    if readme is None:
        return {}
    text = readme.content.read().decode("utf-8", "replace")
    _, fence, rest = text.partition("---\n")
    if not text.startswith("---\n") or not fence:
        return {}
    try:
        data = yaml.safe_load(rest.partition("\n---")[0])
    except yaml.YAMLError:
        return {}
    # Dates and other YAML values become text, as in the Hub's JSON.
    plain = json.loads(json.dumps(data, default=str))
    return plain if isinstance(plain, dict) else {}


def account_overview(account: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    """An organisation or a user, from stored facts and the repositories that are there."""
    name = account["name"]
    known = {
        key: value for key, value in account.items() if key not in {"name", "organization", "members", "former_names"}
    }
    common = {"avatarUrl": "", "fullname": name, "isFollowing": False, "numFollowers": 0, "numPapers": 0, **counts}
    if account.get("organization"):
        return {**common, "name": name, "numUsers": 1, **known}
    return {
        **common,
        "_id": identifier("user", name),
        "user": name,
        "type": "user",
        "isPro": False,
        "orgs": [],
        "numDiscussions": 0,
        "numUpvotes": 0,
        "numLikes": 0,
        "numFollowing": 0,
        **known,
    }


def _model_fields(repository: StoredRepository, commit: StoredCommit, card: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {"modelId": repository.name, "spaces": [], "childrenModelCount": 0}
    for key in ("pipeline_tag", "library_name"):
        if key in card:
            fields[key] = card[key]
    fields |= weights.facts(commit)
    if bases := _strings(card.get("base_model")):
        relation = card.get("base_model_relation", "finetune")
        models = [{"_id": identifier("model", base), "id": base} for base in bases]
        fields["baseModels"] = {"relation": relation, "models": models}
    return fields


def _tags(fields: Mapping[str, Any], card: Mapping[str, Any], more: Iterable[str]) -> list[str]:
    tags = [fields["library_name"]] if "library_name" in fields else []
    tags += sorted(
        {PurePosixPath(row["rfilename"]).suffix[1:] for row in fields["siblings"]} & {"safetensors", "gguf", "onnx"}
    )
    tags += _strings(card.get("tags"))
    tags += _strings(card.get("language"))
    if "pipeline_tag" in fields:
        tags.append(fields["pipeline_tag"])
    relation = card.get("base_model_relation")
    for base in _strings(card.get("base_model")):
        tags.append(f"base_model:{base}")
        tags += [f"base_model:{relation}:{base}"] if relation else []
    tags += [f"license:{name}" for name in _strings(card.get("license"))]
    return list(dict.fromkeys([*tags, *more, "region:us"]))


def _sibling(file: StoredFile) -> dict[str, Any]:
    sibling: dict[str, Any] = {"rfilename": file.path, "blobId": file.git_sha1, "size": file.size}
    if file.sha256:
        sibling["lfs"] = {"sha256": file.sha256, "size": file.size, "pointerSize": POINTER_SIZE}
    return sibling


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
