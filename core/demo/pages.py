"""The few web pages of the demo hub, so that a browser shows something. Repository text is escaped, never formatted."""

import html
from urllib.parse import quote

from core.demo.exchange import Response
from core.demo.library import Library
from core.demo.store import StoredCommit, StoredRepository
from core.repository import RepositoryKind
from core.text import display_name, size_text, text

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;border:1px solid;padding:1rem}"
    "strong{background:#ffd25e;color:#1b1f24;padding:.2rem .5rem}"
)


def index(library: Library) -> Response:
    """Everything the demo hub shows in public."""
    items = []
    for kind in RepositoryKind:
        for repository in sorted(library.visible(kind, None), key=lambda found: found.name):
            prefix = "" if kind is RepositoryKind.MODEL else f"/{kind}s"
            shown = html.escape(display_name(repository.name))
            items.append(f'<li><a href="{prefix}/{quote(repository.name)}">{shown}</a> ({kind})</li>')
    return _page(text("demo.page.title"), f"<p>{html.escape(text('demo.page.index'))}</p><ul>{''.join(items)}</ul>")


def repository(found: StoredRepository, commit: StoredCommit) -> Response:
    """One repository: its card as plain text, and its files."""
    readme = commit.files.get("README.md")
    card = readme.content.read().decode("utf-8", "replace") if readme and not found.facts.get("gated") else ""
    rows = "".join(
        f"<li>{html.escape(display_name(file.path))} ({html.escape(size_text(file.size))})</li>"
        for file in commit.files.values()
    )
    return _page(found.name, f"<pre>{html.escape(card)}</pre><ul>{rows}</ul>")


def _page(title: str, body: str) -> Response:
    heading = html.escape(display_name(title))
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{heading}</title>'
        f"<style>{_STYLE}</style></head><body><p><strong>{html.escape(text('demo.page.notice'))}</strong></p>"
        f"<h1>{heading}</h1>{body}</body></html>"
    )
    return Response(
        200,
        page.encode("utf-8", "replace"),
        (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
            ("X-Content-Type-Options", "nosniff"),
        ),
    )
