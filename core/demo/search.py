"""Lists of repositories as the Hub gives them: searched, filtered, sorted, in pages."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from core.demo import shapes
from core.demo.exchange import Request, Response, json_response
from core.demo.library import Library
from core.demo.store import StoredRepository
from core.repository import RepositoryKind

_FIGURES = frozenset({"downloads", "likes", "createdAt", "lastModified", "trendingScore"})
_SORTS = {"created_at": "createdAt", "last_modified": "lastModified", "trending_score": "trendingScore"}
_PAGE = 1000


def repositories(library: Library, kind: RepositoryKind, request: Request, user: str | None, base: str) -> Response:
    """The answer to `GET /api/models?…` and its two sisters."""
    words = request.value("search").lower().split()
    named = (one for one in library.visible(kind, user) if _named(one, words, request.value("author")))
    every = (shapes.repository_fields(repository, repository.head) for repository in named)
    found = [fields for fields in every if _matches(fields, request)]
    asked = _SORTS.get(request.value("sort"), request.value("sort"))
    key = asked if asked in _FIGURES else "trendingScore"
    # Name first, then the stable sort by figure: pages do not depend on the order of files in a folder.
    found.sort(key=lambda fields: fields["id"].lower())
    found.sort(key=lambda fields: fields.get(key) or 0, reverse=True)
    page, link = paged(found, request, base, _PAGE)
    expand, full, card = request.values("expand"), request.flag("full"), request.flag("cardData")
    return json_response([shapes.list_item(fields, expand, full, card) for fields in page], 200, *link)


def quick(library: Library, request: Request, user: str | None) -> Response:
    """The answer to `GET /api/quicksearch`: names of everything, for a search box."""
    asked = request.value("q")
    limit = _number(request.value("limit"), 20)
    answer: dict[str, Any] = {"q": asked}
    for kind in RepositoryKind:
        names = sorted(found.name for found in library.visible(kind, user) if asked.lower() in found.name.lower())
        answer[f"{kind}s"] = [{"id": name, "trendingWeight": 0} for name in names[:limit]]
        answer[f"{kind}sCount"] = len(names)
    accounts = [facts for name, facts in sorted(library.accounts.items()) if asked.lower() in name]
    answer["orgs"] = [{**_card(facts), "name": facts["name"]} for facts in accounts if facts.get("organization")][
        :limit
    ]
    answer["users"] = [{**_card(facts), "user": facts["name"]} for facts in accounts if not facts.get("organization")][
        :limit
    ]
    return json_response(answer)


def paged(items: list[Any], request: Request, base: str, usual: int) -> tuple[list[Any], list[tuple[str, str]]]:
    """One page of `items` and the `Link` header to the next; the cursor is opaque to clients."""
    start = _position(request.value("cursor"))
    limit = min(_number(request.value("limit"), usual), usual)
    page = items[start : start + limit]
    if start + limit >= len(items):
        return page, []
    cursor = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
    query = urlencode([*((key, value) for key, value in request.query if key != "cursor"), ("cursor", cursor)])
    return page, [("Link", f'<{base}{request.path}?{query}>; rel="next"')]


def _named(repository: StoredRepository, words: Iterable[str], author: str) -> bool:
    """Looked at before anything is read of the repository: there may be hundreds."""
    name = repository.name.lower()
    return author.lower() in {"", repository.owner.lower()} and all(word in name for word in words)


def _matches(fields: Mapping[str, Any], request: Request) -> bool:
    wanted = [tag for value in request.values("filter") for tag in value.split(",")]
    return (
        set(wanted) <= set(fields["tags"])
        and request.value("pipeline_tag") in {"", fields.get("pipeline_tag")}
        and request.value("gated").lower() in {"", str(bool(fields["gated"])).lower()}
    )


def _card(facts: dict[str, Any]) -> dict[str, Any]:
    return {"_id": shapes.identifier("user", facts["name"]), "avatarUrl": "", "fullname": facts.get("fullname", "")}


def _number(text: str, usual: int) -> int:
    return max(1, int(text[:18])) if text.isascii() and text.isdigit() else usual


def _position(cursor: str) -> int:
    try:
        return max(0, int(base64.urlsafe_b64decode(cursor)))
    except ValueError:
        return 0
