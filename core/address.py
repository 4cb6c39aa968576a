"""One address of the Hub, read strictly: `https://…`, `hf://…`, `git@hf.co:…`, `hf.co/…` or a bare `owner/name`.

Written by hand instead of with `huggingface_hub.parse_hf_uri`, because the window reads on every key stroke and that
import alone takes a quarter of a second, and because every refusal must say its reason in words. The grammar of names
is that of `huggingface_hub.utils.validate_repo_id`; tests hold the two against each other.
"""

import difflib
import re
import string
import unicodedata
from dataclasses import replace
from typing import NoReturn
from urllib.parse import unquote

from core.errors import UserFacingError
from core.repository import RepoReference, RepositoryId, RepositoryKind
from core.text import Message, Value

PUBLIC_ENDPOINT = "https://huggingface.co"

_HUB_HOSTS = frozenset({"huggingface.co", "hf.co"})
_KINDS = {"models": RepositoryKind.MODEL, "datasets": RepositoryKind.DATASET, "spaces": RepositoryKind.SPACE}
_FILE_PAGES = frozenset({"tree", "blob", "resolve", "raw", "blame", "edit", "commit", "commits"})
"""Pages whose next segment is a revision."""
_OTHER_PAGES = frozenset({"discussions", "settings", "community"})
_SITE_PAGES = (
    "activity api autotrain blog brand buckets changelog chat collections content-guidelines course datasets docs "
    "enterprise front inference inference-api inference-endpoints jobs join kernels languages learn login logout mcp "
    "metrics models new new-collection new-dataset new-space notifications oauth organizations papers playground "
    "posts pricing privacy settings spaces storage subscribe support tasks terms-of-service welcome"
)
_NOT_REPOSITORIES = frozenset(_SITE_PAGES.split())
"""First segments of huggingface.co that are pages of the site, not accounts."""
_NAME_LETTERS = frozenset(string.ascii_letters + string.digits + "-_.")
_REVISION_LETTERS = frozenset(string.ascii_letters + string.digits + "-_./+@%=,#!()&$'")
_LONGEST_NAME = 96
_SHOWN = 100
"""How many characters of a pasted piece a refusal repeats."""


def refuse(reason: str, **values: Value) -> NoReturn:
    """Raise the refusal `reference.<reason>`; long pasted pieces are shortened."""
    shown = {key: _shortened(value) if isinstance(value, str) else value for key, value in values.items()}
    raise UserFacingError(f"reference.{reason}", **shown)


def read_address(word: str, endpoint: str = PUBLIC_ENDPOINT) -> RepoReference:
    """Read one word that is an address or a name. Raises `UserFacingError("reference.…")` with the exact reason."""
    if "\\" in word:
        refuse("bad_character", **_named("\\"), name=word)
    if "://" in word:
        return _read_url(word, endpoint)
    shell_form = re.match(r"(?:[^@/\s:]+@)([^:/\s]+):(?!\d+(?:/|$))(.+)", word)
    if shell_form:
        _check_host(shell_form[1], "", "", endpoint)
        return _read_path(shell_form[2])
    if looks_like_host(word.partition("/")[0]):
        return _read_after_scheme(word, "", endpoint)
    return _read_path(word)


def is_name(name: str) -> bool:
    """True if the Hub could have a repository of this name: `owner/name`, or one part of an old model."""
    parts = name.split("/")
    try:
        for part in parts:
            _check_name(part)
    except UserFacingError:
        return False
    return len(parts) <= 2


def looks_like_host(first: str) -> bool:
    """True if the part before the first slash would be a host: `site.tld`, with or without `user@` and `:port`."""
    host = first.rpartition("@")[2].partition(":")[0].removesuffix(".")
    labels = host.split(".")
    if host.casefold() == "localhost" or re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", host):
        return True
    return len(labels) > 1 and all(labels) and len(labels[-1]) > 1 and labels[-1].isalpha()


def _read_url(url: str, endpoint: str) -> RepoReference:
    scheme, _, rest = url.partition("://")
    scheme = scheme.casefold()
    if scheme == "hf":
        return _read_path(rest)
    if scheme not in {"http", "https", "ssh", "git"}:
        refuse("scheme", scheme=scheme)
    return _read_after_scheme(rest, scheme, endpoint)


def _read_after_scheme(rest: str, scheme: str, endpoint: str) -> RepoReference:
    end = re.search(r"[/?#]", rest)
    authority = rest[: end.start()] if end else rest
    remainder = rest[len(authority) :]
    user, _, host = authority.rpartition("@")
    host, _, port = host.partition(":")
    if scheme in {"ssh", "git"} and user == "git":
        user = ""
    if host.casefold() in _HUB_HOSTS and not user and _is_tag_of_nothing(port):
        refuse("no_repository", host=host)
    host_notes = _check_host(host, port, user, endpoint, scheme)
    if not remainder.startswith("/"):
        refuse("no_repository", host=host)
    prefix = _path_of(endpoint) if _is_endpoint(host, port, endpoint) else ""
    path = remainder.removeprefix(prefix) if remainder.startswith(f"{prefix}/") else remainder
    found = _read_path(path[1:])
    return replace(found, notes=(*host_notes, *found.notes))


def _is_tag_of_nothing(port: str) -> bool:
    return bool(port) and not port.isdigit()


# ---------------------------------------------------------------------------------------------------------- the host


def _check_host(host: str, port: str, user: str, endpoint: str, scheme: str = "https") -> tuple[Message, ...]:
    """Refuse every host but the configured Hub and huggingface.co; the result is what we had to note."""
    plain = host.casefold().removesuffix(".")
    known = plain.removeprefix("www.") in _HUB_HOSTS
    ours = _is_endpoint(plain, port, endpoint, scheme)
    if user:
        refuse("userinfo", host=host) if known or ours else refuse("at_sign", host=host, before=user)
    if ours:
        return ()
    if known and port:
        refuse("port", host=host, port=port)
    if not known:
        _refuse_host(host, plain)
    notes = [Message.of("reference.note.www")] if plain.startswith("www.") else []
    if endpoint.rstrip("/") != PUBLIC_ENDPOINT:
        notes.append(Message.of("reference.note.other_hub", endpoint=endpoint, host=plain))
    return tuple(notes)


def _refuse_host(host: str, plain: str) -> NoReturn:
    foreign = next((letter for letter in host if not letter.isascii()), None)
    if foreign is not None:
        refuse("host_letter", **_named(foreign), host=host)
    if plain == "hf.space" or plain.endswith(".hf.space"):
        refuse("space_subdomain", host=host)
    if plain.endswith((".huggingface.co", ".hf.co")):
        refuse("subdomain", host=host)
    if not plain:
        refuse("not_understood")
    refuse("look_alike" if _resembles_hub(plain) else "other_site", host=host)


def _resembles_hub(host: str) -> bool:
    squeezed = host.translate(str.maketrans("01354", "olesa", "-."))
    if "huggingface" in squeezed or squeezed.startswith("hfco") or "xn--" in host:
        return True
    labels = (label.translate(str.maketrans("01354", "olesa")) for label in re.split(r"[.-]", host))
    return any(difflib.SequenceMatcher(None, label[:40], "huggingface").ratio() > 0.8 for label in labels)


def _is_endpoint(host: str, port: str, endpoint: str, scheme: str = "") -> bool:
    endpoint_scheme, _, rest = endpoint.casefold().partition("://")
    if scheme and scheme != endpoint_scheme and port:
        return False
    return f"{host.casefold()}:{port}".removesuffix(":") == rest.partition("/")[0]


def _path_of(endpoint: str) -> str:
    path = endpoint.partition("://")[2].partition("/")[2].strip("/")
    return f"/{path}" if path else ""


# ---------------------------------------------------------------------------------------------------------- the path


def _read_path(path: str) -> RepoReference:
    """`owner/name` with everything that may stand around it, after the host."""
    path, _, query = path.partition("#")[0].partition("?")
    segments = [_decoded(segment) for segment in path.split("/") if segment]
    if segments and "/" in segments[0]:
        segments[:1] = segments[0].split("/")
    from_api = segments[:1] == ["api"] and segments[1:2] and segments[1] in _KINDS
    if from_api:
        segments = segments[1:]
    if not segments:
        refuse("no_repository", host="huggingface.co")
    kind = RepositoryKind.MODEL
    if segments[0] in _KINDS and len(segments) > 1:
        kind = _KINDS[segments.pop(0)]
    elif segments[0] in _NOT_REPOSITORIES:
        refuse("not_a_repository", page="/".join(segments))
    name, revision, quantization, rest = _split_name(segments, kind)
    found = RepoReference(RepositoryId(kind, name), revision, None, quantization, _legacy_note(name))
    if revision is not None:
        return _with_path(found, rest)
    found = _read_page(found, rest)
    shown_file = re.search(r"(?:^|&)show_file_info=([^&]+)", query)
    return _with_path(found, _decoded(shown_file[1]).split("/")) if shown_file else found


def _split_name(segments: list[str], kind: RepositoryKind) -> tuple[str, str | None, str | None, list[str]]:
    """Name, revision after `@`, tag after `:`, and the segments behind."""
    one_part = len(segments) == 1 or segments[1] in _FILE_PAGES | _OTHER_PAGES or "@" in segments[0]
    if one_part and kind is RepositoryKind.SPACE:
        refuse("no_repository", host="huggingface.co")
    count = 1 if one_part else 2
    *owner, last = segments[:count]
    rest = segments[count:]
    last, at, revision = last.partition("@")
    last, colon, tag = last.partition(":")
    if at and revision == "refs" and len(rest) >= 2 and rest[0] in {"pr", "convert"}:
        revision, rest = "/".join(["refs", *rest[:2]]), rest[2:]
    for part in owner:
        _check_name(part)
    last = last.removesuffix(".git")
    _check_name(last)
    if colon:
        _check_letters(tag, "bad_tag", _NAME_LETTERS)
    return "/".join([*owner, last]), _checked_revision(revision) if at else None, tag if colon else None, rest


def _read_page(found: RepoReference, rest: list[str]) -> RepoReference:
    if not rest:
        return found
    page, *rest = rest
    if page == "revision" and rest:
        return replace(found, revision=_checked_revision("/".join(rest)))
    if page not in _FILE_PAGES or not rest:
        return _ignoring(found)
    length = 3 if rest[0] == "refs" and len(rest) > 2 else 1
    found = replace(found, revision=_checked_revision("/".join(rest[:length])))
    return _with_path(found, rest[length:])


def _with_path(found: RepoReference, segments: list[str]) -> RepoReference:
    """Keep a path as "start here", but not one that climbs or hides something: the listing is searched for it."""
    if not segments:
        return found
    path = "/".join(segments)
    odd = any(part in {"", ".", ".."} for part in path.split("/")) or not path.isprintable() or len(path) > 1024
    return _ignoring(found) if odd else replace(found, path=path)


def with_revision(found: RepoReference, revision: str) -> RepoReference:
    """The same repository at a revision that stood beside it (`--revision`, `revision="…"`)."""
    return replace(found, revision=_checked_revision(revision))


def with_file(found: RepoReference, path: str) -> RepoReference:
    """The same repository with a file that stood beside it (`filename="…"`)."""
    return _with_path(found, path.split("/"))


def _ignoring(found: RepoReference) -> RepoReference:
    return replace(found, notes=(*found.notes, Message.of("reference.note.rest_ignored")))


def _legacy_note(name: str) -> tuple[Message, ...]:
    return () if "/" in name else (Message.of("reference.note.legacy", name=name),)


def _check_name(part: str) -> None:
    _check_letters(part, "bad_character", _NAME_LETTERS)
    if len(part) > _LONGEST_NAME:
        refuse("name_too_long", name=part, longest=_LONGEST_NAME)
    if part[0] in "-." or part[-1] in "-." or "--" in part or ".." in part or part.endswith(".git"):
        refuse("bad_name", name=part)


def _checked_revision(revision: str) -> str:
    _check_letters(revision, "bad_revision", _REVISION_LETTERS)
    if len(revision) > 255 or ".." in revision or "//" in revision or revision[0] in "-/" or revision[-1] in "/.":
        refuse("bad_revision_name", name=revision)
    return revision


def _check_letters(part: str, reason: str, allowed: frozenset[str]) -> None:
    if not part:
        refuse("incomplete")
    wrong = next((letter for letter in part if letter not in allowed), None)
    if wrong is not None:
        refuse(reason, **_named(wrong), name=part)


def _named(letter: str) -> dict[str, str]:
    name = unicodedata.name(letter, "a character without a name").replace("-", " ").capitalize()
    return {"character": letter, "code": f"U+{ord(letter):04X}", "letter": name}


def _decoded(segment: str) -> str:
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError:
        refuse("bad_encoding", name=segment)


def _shortened(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
