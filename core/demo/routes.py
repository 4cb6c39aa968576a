"""The demo hub without sockets: `Hub.dispatch(Request) -> Response`, as faithful as clients of the real Hub need."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from core.demo import pages, refusals, search, security, shapes
from core.demo.exchange import Origin, Request, Response, json_response
from core.demo.knobs import Knobs
from core.demo.library import TOKENS, Library, may_see
from core.demo.served import FileServer
from core.demo.store import StoredCommit, StoredRepository, lfs_pointer
from core.repository import RepositoryKind

_KINDS = {f"{kind}s": kind for kind in RepositoryKind}
_ACTIONS = frozenset(
    {
        "revision",
        "tree",
        "paths-info",
        "commits",
        "refs",
        "discussions",
        "likers",
        "scan",
        "xet-read-token",
        "resolve",
        "raw",
    }
    | {"blob", "blame", "commit"}
)
_TREE_PAGE, _EXPANDED_PAGE, _COMMIT_PAGE, _MOST_COMMITS, _LIKER_PAGE = 1000, 50, 50, 1000, 1000


@dataclass(frozen=True, slots=True)
class _Call:
    """A request for something of one repository: the part of the path after its name is `rest`."""

    request: Request
    repository: StoredRepository
    rest: tuple[str, ...]
    user: str | None

    @property
    def revision(self) -> str:
        """The revision the path names; `refs/pr/1` may come as one segment or as three."""
        return "/".join(self.rest[: self._width]) or "main"

    @property
    def path(self) -> str:
        """What follows the revision."""
        return "/".join(self.rest[self._width :])

    @property
    def history(self) -> tuple[StoredCommit, ...]:
        """Commits from that revision back; empty if there is no such revision."""
        return self.repository.history(self.revision)

    @property
    def _width(self) -> int:
        return 3 if self.rest[:1] == ("refs",) else 1


class Hub:
    """Answers requests from a library. Holds no state but the addresses it signed."""

    def __init__(self, library: Library, hub_base: str, cdn_base: str, knobs: Knobs) -> None:
        self._library = library
        self._base = hub_base
        self._files = FileServer(cdn_base, knobs)
        self._serial = itertools.count(1)
        self._actions: dict[str, Callable[[_Call], Response]] = {
            "": self._information,
            "revision": self._information,
            "tree": self._tree,
            "paths-info": self._paths_info,
            "commits": self._commits,
            "refs": self._refs,
            "discussions": self._discussions,
            "likers": self._likers,
            "scan": self._scan,
        }

    def dispatch(self, request: Request) -> Response:
        """The answer to any request; never raises for anything a client can send."""
        if request.origin is Origin.CDN:
            return self._files.from_cdn(request)
        response = self._answer(request)
        bucket, quota = _bucket(request.path)
        return replace(
            response,
            headers=(
                *response.headers,
                ("X-Request-Id", f"demo-{next(self._serial)}"),
                ("RateLimit", f'"{bucket}";r={quota - 1};t=200'),
                ("RateLimit-Policy", f'"fixed window";"{bucket}";q={quota};w=300'),
            ),
        )

    def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD", "POST"}:
            return refusals.READ_ONLY
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and token not in TOKENS:
            return refusals.unauthorized("Invalid credentials in Authorization header")
        user = TOKENS.get(token)
        raw = tuple(request.path.strip("/").split("/"))
        if raw[0] == "api":
            return self._api(request, raw, user)
        start = 1 if raw[0] in _KINDS else 0
        if raw == ("",) or len(raw) == start:
            return pages.index(self._library)
        return self._repository(request, raw, start, user, self._web)

    def _api(self, request: Request, raw: tuple[str, ...], user: str | None) -> Response:
        segments = tuple(unquote(segment) for segment in raw[1:])
        match segments:
            case (kinds,) if kinds in _KINDS:
                return search.repositories(self._library, _KINDS[kinds], request, user, self._base)
            case (kinds, *_) if kinds in _KINDS:
                return self._repository(request, raw, 2, user, self._repository_api)
            case ("resolve-cache", kinds, _, *_) if kinds in _KINDS:
                return self._repository(request, raw, 3, user, self._cached)
        return self._site_api(request, segments, user)

    def _site_api(self, request: Request, segments: tuple[str, ...], user: str | None) -> Response:
        match segments:
            case ("whoami-v2",):
                return _who_am_i(user)
            case ("quicksearch",):
                return search.quick(self._library, request, user)
            case ("users" | "organizations" as kind, name, "overview" | "socials" | "members" as what):
                return self._account(name, kind == "organizations", what)
        return refusals.NO_PAGE

    def _repository(
        self,
        request: Request,
        raw: tuple[str, ...],
        start: int,
        user: str | None,
        answer: Callable[[_Call], Response],
    ) -> Response:
        """Find the repository named from segment `start` on, send renamed ones on, and ask `answer`."""
        kind = next((_KINDS[segment] for segment in raw[:start] if segment in _KINDS), RepositoryKind.MODEL)
        segments = [unquote(segment) for segment in raw]
        is_legacy = len(raw) == start + 1 or segments[start + 1] in _ACTIONS
        end = min(start + (1 if is_legacy else 2), len(raw))
        name = "/".join(segments[start:end])
        repository = self._library.find(kind, name)
        if repository is None or not may_see(repository, user):
            return refusals.no_repository(user)
        if repository.name != name:
            query = f"?{urlencode(request.query)}" if request.query else ""
            location = "/" + "/".join((*raw[:start], quote(repository.name), *raw[end:])) + query
            return Response(HTTPStatus.TEMPORARY_REDIRECT, b"", (("Location", location),))
        if repository.facts.get("disabled"):
            return refusals.DISABLED
        return answer(_Call(request, repository, tuple(segments[end:]), user))

    def _repository_api(self, call: _Call) -> Response:
        action = self._actions.get(call.rest[0] if call.rest else "")
        if action is None:
            return refusals.NO_PAGE
        call = replace(call, rest=call.rest[1:])
        return action(call) if call.history else refusals.no_revision(call.revision)

    def _information(self, call: _Call) -> Response:
        request = call.request
        return json_response(
            shapes.information(
                call.repository,
                call.history[0],
                request.values("expand"),
                request.flag("blobs"),
                request.flag("securityStatus"),
            )
        )

    def _tree(self, call: _Call) -> Response:
        request, history = call.request, call.history
        expand = request.flag("expand")
        entries = shapes.tree_entries(history[0], call.path.strip("/"), request.flag("recursive"))
        if call.path and not entries:
            return refusals.no_entry(history[0])
        page, link = search.paged(entries, request, self._base, _EXPANDED_PAGE if expand else _TREE_PAGE)
        rows = [shapes.tree_entry(call.repository, history, path, file, expand) for path, file in page]
        return json_response(rows, HTTPStatus.OK, *link)

    def _paths_info(self, call: _Call) -> Response:
        paths, expand = _asked_paths(call.request)
        if paths is None:
            return refusals.BAD_BODY
        history = call.history
        known = dict(shapes.tree_entries(history[0], "", recursive=True))
        found = [path for path in paths if path in known]
        return json_response([shapes.tree_entry(call.repository, history, path, known[path], expand) for path in found])

    def _commits(self, call: _Call) -> Response:
        request, history = call.request, call.history
        limit = min(_whole_number(request.value("limit"), _COMMIT_PAGE) or _COMMIT_PAGE, _MOST_COMMITS)
        page = _whole_number(request.value("p"), 0)
        rows = [shapes.commit_item(commit) for commit in history[page * limit : (page + 1) * limit]]
        headers = [("X-Total-Count", str(len(history)))]
        if (page + 1) * limit < len(history):
            query = urlencode({"limit": limit, "p": page + 1})
            headers.append(("Link", f'<{self._base}{request.path}?{query}>; rel="next"'))
        return json_response(rows, HTTPStatus.OK, *headers)

    def _refs(self, call: _Call) -> Response:
        groups: dict[str, list[dict[str, str]]] = {"branches": [], "tags": [], "converts": [], "pullRequests": []}
        for name, commits in call.repository.branches.items():
            group = next((kind for start, kind in _REF_GROUPS.items() if name.startswith(start)), "branches")
            ref = name if name.startswith("refs/") else f"refs/heads/{name}"
            groups[group].append({"name": name.removeprefix("refs/tags/"), "ref": ref, "targetCommit": commits[0].id})
        if not call.request.flag("include_prs"):
            del groups["pullRequests"]
        return json_response(groups)

    def _discussions(self, call: _Call) -> Response:
        stored: list[dict[str, Any]] = call.repository.facts.get("discussions", [])
        rows = [
            {
                "num": number,
                "status": "open",
                "isPullRequest": False,
                "repo": {"name": call.repository.name, "type": call.repository.kind},
                "numComments": 1,
                "numReactionUsers": 0,
                "pinned": False,
                "topReactions": [],
                **discussion,
                "author": {
                    "name": discussion["author"],
                    "fullname": discussion["author"],
                    "type": "user",
                    "isHf": False,
                },
            }
            for number, discussion in enumerate(stored, start=1)
        ]
        status = call.request.value("status")
        rows = [row for row in rows if status in {"", "all", row["status"]}]
        return json_response({"discussions": rows, "count": len(rows), "start": 0})

    def _likers(self, call: _Call) -> Response:
        names: list[str] = call.repository.facts.get("likers", [])
        page, link = search.paged(names, call.request, self._base, _LIKER_PAGE)
        rows = [shapes.liker(name, self._library.account(name)) for name in page]
        return json_response(rows, HTTPStatus.OK, *link)

    def _scan(self, call: _Call) -> Response:
        return json_response(security.repository_status(shapes.scans(call.repository, call.history[0])))

    def _web(self, call: _Call) -> Response:
        action = call.rest[0] if call.rest else ""
        call = replace(call, rest=call.rest[1:])
        if not call.history:
            return refusals.no_revision(call.revision)
        if action not in {"resolve", "raw"}:
            return pages.repository(call.repository, call.history[0])
        refusal = refusals.gate(call.repository, call.history[0], call.user)
        if refusal is not None:
            return refusal
        if action == "resolve":
            return self._files.resolve(call.repository, call.history[0], call.path)
        return self._raw(call)

    def _raw(self, call: _Call) -> Response:
        file = call.history[0].files.get(call.path)
        if file is None or file.sha256 is None:
            return self._files.cached(call.history[0], call.path, call.request)
        return Response(HTTPStatus.OK, lfs_pointer(file.sha256, file.size), (("Content-Type", "text/plain"),))

    def _cached(self, call: _Call) -> Response:
        if not call.history:
            return refusals.no_revision(call.revision)
        refusal = refusals.gate(call.repository, call.history[0], call.user)
        return refusal or self._files.cached(call.history[0], call.path, call.request)

    def _account(self, name: str, organization: bool, what: str) -> Response:
        renamed = self._library.account_renamed(name)
        if renamed is not None:
            kind = "organizations" if organization else "users"
            location = f"/api/{kind}/{quote(renamed)}/{what}"
            return Response(HTTPStatus.TEMPORARY_REDIRECT, b"", (("Location", location),))
        account = self._library.account(name)
        if account is None or bool(account.get("organization")) != organization:
            return refusals.NO_PAGE
        if what == "members":
            return json_response(
                [shapes.liker(member, self._library.account(member)) for member in account.get("members", ())]
            )
        if what == "socials":
            return json_response({"socialHandles": account.get("socials", {})})
        counts = {f"num{kind.capitalize()}s": self._library.count(kind, name) for kind in RepositoryKind}
        return json_response(shapes.account_overview(account, counts))


_REF_GROUPS = {"refs/tags/": "tags", "refs/convert/": "converts", "refs/pr/": "pullRequests"}


def _asked_paths(request: Request) -> tuple[list[str] | None, bool]:
    """Paths and `expand` of a paths-info body, which may be JSON or a form; None if it is neither."""
    try:
        text = request.body.decode()
        if not request.headers.get("content-type", "").startswith("application/json"):
            form = parse_qsl(text)
            expand = any(key == "expand" and value.lower() == "true" for key, value in form)
            return [value for key, value in form if key == "paths"], expand
        asked = json.loads(text)
        paths = [asked["paths"]] if isinstance(asked["paths"], str) else list(asked["paths"])
        return [path for path in paths if isinstance(path, str)], bool(asked.get("expand"))
    except (ValueError, TypeError, KeyError):
        return None, False


def _who_am_i(user: str | None) -> Response:
    if user is None:
        return refusals.unauthorized("Invalid username or password.")
    token = {"displayName": "demo", "role": "read", "createdAt": "2026-01-01T00:00:00.000Z"}
    return json_response(
        {
            "type": "user",
            "id": shapes.identifier("user", user),
            "name": user,
            "fullname": user,
            "isPro": False,
            "avatarUrl": "",
            "orgs": [],
            "auth": {"type": "access_token", "accessToken": token},
        }
    )


def _bucket(path: str) -> tuple[str, int]:
    """Which of the Hub's three anonymous rate limits a path counts against, and its size."""
    if "/resolve/" in path or "/resolve-cache/" in path:
        return "resolvers", 3000
    return ("api", 500) if path.startswith("/api/") else ("pages", 100)


def _whole_number(text: str, usual: int) -> int:
    return int(text[:18]) if text.isascii() and text.isdigit() else usual
