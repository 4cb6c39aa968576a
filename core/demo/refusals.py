"""How the Hub says no: status, error code and words, as `huggingface_hub` tells them apart."""

from http import HTTPStatus

from core.demo.exchange import Response, error_response
from core.demo.library import MEMBER
from core.demo.store import StoredCommit, StoredRepository

NO_PAGE = error_response(HTTPStatus.NOT_FOUND, "Sorry, we can't find the page you are looking for.")
READ_ONLY = error_response(
    HTTPStatus.METHOD_NOT_ALLOWED, "The demo hub is read-only.", None, ("Allow", "GET, HEAD, POST")
)
BAD_BODY = error_response(HTTPStatus.BAD_REQUEST, "The body is neither a form nor JSON with paths.")
DISABLED = error_response(HTTPStatus.FORBIDDEN, "Access to this resource is disabled.")


def unauthorized(message: str, code: str | None = None) -> Response:
    """A token is missing or wrong."""
    challenge = ("WWW-Authenticate", 'Bearer realm="Demo hub"')
    return error_response(HTTPStatus.UNAUTHORIZED, message, code, challenge)


def no_repository(user: str | None) -> Response:
    """No such repository, or none for this user.

    The real Hub sends no code to anonymous callers and the client guesses from `https://`; over plain
    http the code has to be there.
    """
    if user is None:
        return unauthorized("Invalid username or password.", "RepoNotFound")
    return error_response(HTTPStatus.NOT_FOUND, "Repository not found", "RepoNotFound")


def no_revision(revision: str) -> Response:
    """No such branch, tag or commit."""
    return error_response(HTTPStatus.NOT_FOUND, f"Invalid rev id: {revision}", "RevisionNotFound")


def no_entry(commit: StoredCommit) -> Response:
    """No such file at this commit."""
    return error_response(HTTPStatus.NOT_FOUND, "Entry not found", "EntryNotFound", ("X-Repo-Commit", commit.id))


def gate(repository: StoredRepository, commit: StoredCommit, user: str | None) -> Response | None:
    """Contents of a gated repository are for the member only; None: come in."""
    if not repository.facts.get("gated") or user == MEMBER:
        return None
    kind, name = repository.kind, repository.name
    at_commit = ("X-Repo-Commit", commit.id)
    if user is None:
        message = (
            f"Access to {kind} {name} is restricted. You must have access to it and be authenticated to access it."
        )
        return error_response(HTTPStatus.UNAUTHORIZED, message, "GatedRepo", at_commit)
    message = f"Access to {kind} {name} is restricted and you are not in the authorized list."
    return error_response(HTTPStatus.FORBIDDEN, message, "GatedRepo", at_commit)
