"""What a person pasted, understood as one repository, or refused with the exact reason in words.

People paste addresses, commands, lines of Python and whole sentences; each form is found in the text and handed to
`core.address`. Nothing is sent anywhere. The forms were collected from model cards and the Hub's own "Use this model".
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from core.address import PUBLIC_ENDPOINT, looks_like_host, read_address, refuse, with_file, with_revision
from core.errors import UserFacingError
from core.repository import RepoReference, RepositoryId, RepositoryKind
from core.text import Message

_LONGEST_TEXT = 10_000
_LONGEST_CALL = 1_000
"""Characters of the arguments of a call that are looked at."""
_WRAPPERS = " \t\r\n\"'`<>()[]{},;!“”‘’«»„。，、）（》《」「"
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_URL = re.compile(r"(?<![A-Za-z0-9+.])[A-Za-z][A-Za-z0-9+.\-]{0,20}://[^\s<>\"'`“”‘’«»]+")
_ACCESS_TOKEN = re.compile(r"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}")
_LOCAL_PATH = re.compile(r"[\"']?(?:[A-Za-z]:[\\/]|\\\\|/|~[\\/]|\.{1,2}[\\/]|file:)", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(javascript|data|vbscript|mailto|tel|about|blob|chrome|view-source):", re.IGNORECASE)
_CALL = re.compile(
    r"\b(from_pretrained|hf_hub_download|hf_hub_url|snapshot_download|load_dataset|load_dataset_builder|pipeline|"
    r"model_info|dataset_info|space_info|repo_info|list_repo_files|SentenceTransformer|CrossEncoder|InferenceClient|"
    r"LLM|from_hub|push_to_hub)\s*\("
)
_KEYWORD = re.compile(r"\b(\w+)\s*=\s*[ru]?([\"'])(.*?)\2", re.DOTALL)
_POSITIONAL = re.compile(r"\s*[ru]?([\"'])(.*?)\1\s*(?:,|\Z)", re.DOTALL)
_NAME_KEYWORDS = ("repo_id", "pretrained_model_name_or_path", "model", "model_id", "model_name_or_path", "path", "repo")
_DOWNLOAD = re.compile(r"(?<![\w/.-])(?:hf|huggingface-cli)\s+download\s+([^\n;&|]*)")
_SERVE = re.compile(r"(?<![\w/.-])(?:vllm\s+serve|ollama\s+(?:run|pull|show)|(?:-hf|-hfr|--hf-repo))[\s=]+(\S+)")
_CLONE_BRANCH = re.compile(r"\bgit\s+(?:lfs\s+)?clone\b[^\n]*?\s(?:-b|--branch)[\s=]+(\S+)")
_FLAGS = frozenset({"--quiet", "--force-download", "--resume-download", "--dry-run", "-q"})
"""Options of `hf download` that take no value."""
_QUOTED_NAME = re.compile(r"([\"'`])([\w.-]{1,96}/[\w.-]{1,96})\1", re.ASCII)
_PAGE_TITLE = re.compile(r"(\S+)\s+[·|–—-]\s+Hugging Face", re.IGNORECASE)


def parse(pasted: str, endpoint: str = PUBLIC_ENDPOINT) -> RepoReference:
    """Understand a pasted text as one repository of the configured Hub.

    Raises `UserFacingError("reference.…")` and nothing else; the name it yields always follows the Hub's grammar.
    """
    text = _plain(pasted)
    found: list[RepoReference] = []
    refused: list[UserFacingError] = []
    for word, hints in _candidates(text):
        try:
            found.append(_apply(read_address(word, endpoint), hints))
        except UserFacingError as refusal:
            refused.append(refusal)
    if found:
        return _only_one(found, refused)
    if refused:
        raise refused[0]
    return refuse("not_understood")


def _plain(pasted: str) -> str:
    """The text without blanks around it, after the checks that concern all of it."""
    if len(pasted) > _LONGEST_TEXT:
        refuse("too_long", longest=_LONGEST_TEXT)
    text = pasted.strip().strip("\ufeff\u200b").strip()
    if not text:
        refuse("empty")
    if _ACCESS_TOKEN.search(text):
        refuse("access_token")
    hidden = _INVISIBLE.search(text)
    if hidden:
        refuse("hidden_character", code=f"U+{ord(hidden[0]):04X}")
    if _LOCAL_PATH.match(text):
        refuse("local_path")
    scheme = _OTHER_SCHEME.match(text)
    if scheme:
        refuse("scheme", scheme=scheme[1].lower())
    return re.sub(r"[\\`^]\r?\n", " ", text).translate(str.maketrans("“”‘’", "\"\"''"))


_Hints = dict[str, str]


def _candidates(text: str) -> Iterator[tuple[str, _Hints]]:
    """Every piece of the text that may name a repository, with what stood beside it."""
    title = _PAGE_TITLE.fullmatch(text)
    if title:
        text = title[1]
    words = text.split()
    if len(words) == 1 and "(" not in text and "](" not in text:
        yield _unwrapped(text), {}
        return
    branch = _CLONE_BRANCH.search(text)
    shared = {"revision": branch[1]} if branch else {}
    any_found = False
    for reader in (_calls, _downloads, _served, _urls, _host_words):
        pieces, text = reader(text)
        any_found = any_found or bool(pieces)
        for word, hints in pieces:
            yield word, {**shared, **hints}
    if not any_found:
        yield from _names_in_prose(text)


_Pieces = tuple[list[tuple[str, _Hints]], str]


def _calls(text: str) -> _Pieces:
    """`from_pretrained("o/n", revision="r")` and its relatives."""
    pieces: list[tuple[str, _Hints]] = []
    remainder = text
    for call in _CALL.finditer(text):
        arguments = _arguments(text, call.end())
        hints = {match[1]: match[3] for match in _KEYWORD.finditer(arguments)}
        name = next((hints[keyword] for keyword in _NAME_KEYWORDS if keyword in hints), None)
        first = _POSITIONAL.match(arguments)
        if name is None and first and call[1] != "pipeline":
            name = first[2]
            second = _POSITIONAL.match(arguments, first.end())
            if second and call[1] in {"hf_hub_download", "hf_hub_url"}:
                hints["filename"] = second[2]
        if name is None:
            continue
        if _LOCAL_PATH.match(name):
            refuse("local_path")
        if call[1].startswith(("load_dataset", "dataset_info")):
            hints["repo_type"] = "dataset"
        elif call[1] == "space_info":
            hints["repo_type"] = "space"
        pieces.append((name, {key: hints[key] for key in ("revision", "repo_type", "filename") if key in hints}))
        remainder = remainder.replace(arguments, " ")
    return pieces, remainder


def _arguments(text: str, start: int) -> str:
    """What stands between the bracket before `start` and its partner, quotes respected."""
    depth, quote = 1, ""
    for index in range(start, min(len(text), start + _LONGEST_CALL)):
        character = text[index]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth == 0:
                return text[start:index]
    return text[start : start + _LONGEST_CALL]


def _downloads(text: str) -> _Pieces:
    """`hf download o/n file --revision r --repo-type dataset`."""
    pieces: list[tuple[str, _Hints]] = []
    for command in _DOWNLOAD.finditer(text):
        positional, options = _options(command[1].split())
        if not positional:
            refuse("incomplete")
        hints = {key: options[option] for key, option in _OPTION_HINTS.items() if option in options}
        if len(positional) > 1:
            hints["filename"] = positional[1]
        pieces.append((positional[0], hints))
    return pieces, _DOWNLOAD.sub(" ", text)


_OPTION_HINTS = {"revision": "--revision", "repo_type": "--repo-type"}


def _options(words: list[str]) -> tuple[list[str], dict[str, str]]:
    positional: list[str] = []
    options: dict[str, str] = {}
    pending = ""
    for word in (word.strip("\"'`") for word in words):
        if word.startswith("-"):
            option, equals, value = word.partition("=")
            options[option] = value
            pending = "" if equals or option in _FLAGS else option
        elif pending:
            options[pending], pending = word, ""
        else:
            positional.append(word)
    return positional, options


def _served(text: str) -> _Pieces:
    """`ollama run hf.co/o/n:Q4_K_M`, `vllm serve o/n`, `llama-cli -hf o/n:Q4`."""
    pieces: list[tuple[str, _Hints]] = []
    for command in _SERVE.finditer(text):
        word = _unwrapped(command[1])
        if command[0].startswith("ollama") and "/" not in word:
            refuse("ollama_library", name=word)
        pieces.append((word, {}))
    return pieces, _SERVE.sub(" ", text)


def _urls(text: str) -> _Pieces:
    return [(_unwrapped(_balanced(match[0])), {}) for match in _URL.finditer(text)], _URL.sub(" ", text)


def _host_words(text: str) -> _Pieces:
    """`huggingface.co/o/n` and `git@hf.co:o/n` between other words."""
    words = [_unwrapped(word) for word in text.split()]
    return [(word, {}) for word in words if _has_host(word)], text


def _has_host(word: str) -> bool:
    if "/" not in word:
        return False
    first, _, rest = word.partition("/")
    return (bool(rest) and looks_like_host(first)) or bool(re.match(r"git@[^:/]+:\S+/", word))


def _names_in_prose(text: str) -> Iterator[tuple[str, _Hints]]:
    """A bare `owner/name` between words: quoted, or at least unlike "and/or"."""
    quoted = [match[2] for match in _QUOTED_NAME.finditer(text)]
    loose = (_unwrapped(word) for word in text.split())
    for name in quoted or [word for word in loose if _like_a_name(word)]:
        yield name, {"in_text": name}


def _like_a_name(word: str) -> bool:
    parts = word.split("/")
    long_enough = len(parts) == 2 and all(len(part) > 1 for part in parts)
    return long_enough and bool(re.search(r"[A-Za-z]", word)) and bool(re.search(r"[0-9A-Z_.-]", word))


def _balanced(url: str) -> str:
    """A URL in Markdown ends before the bracket that was opened in front of it."""
    depth = 0
    for index, character in enumerate(url):
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            return url[:index]
    return url


def _unwrapped(word: str) -> str:
    return word.strip(_WRAPPERS).rstrip(".,:…").strip(_WRAPPERS)


_REPO_TYPES = {kind.value: kind for kind in RepositoryKind} | {f"{kind.value}s": kind for kind in RepositoryKind}


def _apply(found: RepoReference, hints: _Hints) -> RepoReference:
    if hints.get("repo_type") in _REPO_TYPES:
        found = replace(found, repository=RepositoryId(_REPO_TYPES[hints["repo_type"]], found.repository.name))
    if hints.get("revision"):
        found = with_revision(found, hints["revision"].strip("\"'"))
    if hints.get("filename"):
        found = with_file(found, hints["filename"])
    if "in_text" in hints:
        found = replace(found, notes=(*found.notes, Message.of("reference.note.in_text", name=hints["in_text"])))
    return found


def _only_one(found: list[RepoReference], refused: list[UserFacingError]) -> RepoReference:
    """All addresses of a text must mean the same repository; another site beside it makes the text ambiguous."""
    first = found[0]
    others = [other for other in found if (other.repository, other.revision) != (first.repository, first.revision)]
    if others and {other.repository for other in others} != {first.repository}:
        other = next(other for other in others if other.repository != first.repository)
        refuse("several", first=first.repository.name, second=other.repository.name)
    if others:
        refuse("several_revisions", name=first.repository.name)
    for refusal in refused:
        if "host" in refusal.values and refusal.message_id != "reference.no_repository":
            refuse("several", first=first.repository.name, second=str(refusal.values["host"]))
    return first
