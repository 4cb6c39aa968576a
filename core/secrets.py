"""The one secret: an optional access token, in the system's own keyring or, without one, for this session only.

Nothing else imports keyring. The token is never logged, never part of an error and never written to a file.
"""

import contextlib
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from core.errors import UserFacingError

SERVICE = "Sallyport"
"""Name under which the keyring lists the token."""

LONGEST = 2560 // 2
"""Characters. Windows Credential Manager keeps at most 2,560 bytes (CRED_MAX_CREDENTIAL_BLOB_SIZE, wincred.h), and
keyring writes UTF-16; tokens of the Hub have about 40. The limit holds everywhere, so that no system is a surprise."""

_SYSTEM_KEYRINGS = frozenset({"Windows", "macOS", "SecretService", "libsecret", "kwallet"})
"""Modules of `keyring.backends` that hand the secret to the system. Anything else may write it to a plain file."""


class TokenState(StrEnum):
    """Where the token is; each value is the id of a sentence."""

    NONE = "token.none"
    KEYRING = "token.keyring"
    SESSION = "token.session"
    NO_KEYRING = "token.no_keyring"
    """There is no token, and no keyring that could hold one."""


class Keyring(Protocol):
    """The three calls we need of `keyring.backend.KeyringBackend`."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Remove the secret; raises if there is none."""
        ...


def system_keyring() -> Keyring | None:
    """The keyring of this system, or None. Imports keyring, which may take a tenth of a second."""
    import keyring  # noqa: PLC0415  slow to import, and only a person with a token needs it
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

    try:
        found = keyring.get_keyring()
        parts = found.backends if isinstance(found, ChainerBackend) else [found]
        return found if parts and all(_is_system(part) for part in parts) else None
    except Exception:  # noqa: BLE001  a configured backend may fail to load in any way: then there is no keyring
        return None


def _is_system(backend: object) -> bool:
    package, _, module = type(backend).__module__.rpartition(".")
    return package == "keyring.backends" and module in _SYSTEM_KEYRINGS


class TokenStore:
    """The access token for one Hub. It is kept under the Hub's address, so it can never reach another one."""

    def __init__(self, endpoint: str, find_keyring: Callable[[], Keyring | None] = system_keyring) -> None:
        self._endpoint = endpoint
        self._find_keyring = find_keyring
        self._session: str | None = None

    def token(self) -> str | None:
        """The token, or None.

        The system may ask the person to unlock the keyring first: call it where a token is needed, never at start and
        never in the GUI thread.
        """
        return self._session or self._kept()[1]

    def state(self) -> TokenState:
        """Where the token is. May block as `token` does."""
        if self._session:
            return TokenState.SESSION
        works, kept = self._kept()
        if kept:
            return TokenState.KEYRING
        return TokenState.NONE if works else TokenState.NO_KEYRING

    def store(self, token: str) -> TokenState:
        """Keep `token` in the keyring, else until the program ends. Returns where it went.

        Raises `UserFacingError("token.not_a_token")` or `UserFacingError("token.too_long")`.
        """
        token = token.strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise UserFacingError("token.not_a_token")
        if len(token) > LONGEST:
            raise UserFacingError("token.too_long", count=len(token), longest=LONGEST)
        keyring = self._find_keyring()
        if keyring is not None and _read(keyring, self._endpoint)[0] and _write(keyring, self._endpoint, token):
            self._session = None
            return TokenState.KEYRING
        self._session = token
        return TokenState.SESSION

    def forget(self) -> None:
        """Remove the token from the keyring and from memory.

        Raises `UserFacingError("token.not_forgotten")` if the keyring still holds it afterwards.
        """
        self._session = None
        keyring = self._find_keyring()
        if keyring is None or _read(keyring, self._endpoint)[1] is None:
            return
        with contextlib.suppress(Exception):  # what counts is what the next line sees
            keyring.delete_password(SERVICE, self._endpoint)
        if _read(keyring, self._endpoint)[1] is not None:
            raise UserFacingError("token.not_forgotten", service=SERVICE)

    def _kept(self) -> tuple[bool, str | None]:
        keyring = self._find_keyring()
        return (False, None) if keyring is None else _read(keyring, self._endpoint)


def _read(keyring: Keyring, endpoint: str) -> tuple[bool, str | None]:
    """Whether the keyring answered, and what it holds."""
    try:
        return True, keyring.get_password(SERVICE, endpoint) or None
    except Exception:  # noqa: BLE001  locked, dismissed, bus gone: every backend raises a family of its own
        return False, None


def _write(keyring: Keyring, endpoint: str, token: str) -> bool:
    """True if the keyring took the token and gives it back. If not, an older token does not stay behind either."""
    with contextlib.suppress(Exception):  # what counts is what the next line sees
        keyring.set_password(SERVICE, endpoint, token)
    if _read(keyring, endpoint) == (True, token):
        return True
    with contextlib.suppress(Exception):
        keyring.delete_password(SERVICE, endpoint)
    return False
