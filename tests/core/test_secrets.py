import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.errors import UserFacingError
from core.secrets import LONGEST, SERVICE, TokenState, TokenStore
from core.text import text

HUB = "https://huggingface.co"
TOKEN = "hf_" + "x" * 34
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class MemoryKeyring:
    """A keyring that works."""

    kept: dict[tuple[str, str], str] = field(default_factory=dict)

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedKeyring(MemoryKeyring):
    """A keyring whose owner pressed Cancel when it asked for the password."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("locked")


class ForgetfulKeyring(MemoryKeyring):
    """A keyring that takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class StickyKeyring(MemoryKeyring):
    """A keyring that says it deleted."""

    def delete_password(self, service: str, username: str) -> None:
        pass


def test_without_a_token_there_is_none() -> None:
    store = TokenStore(HUB, MemoryKeyring)
    assert (store.token(), store.state()) == (None, TokenState.NONE)
    store.forget()


def test_a_token_outlives_the_program_in_the_keyring() -> None:
    keyring = MemoryKeyring()
    assert TokenStore(HUB, lambda: keyring).store(f"  {TOKEN}\n") is TokenState.KEYRING
    later = TokenStore(HUB, lambda: keyring)
    assert (later.token(), later.state()) == (TOKEN, TokenState.KEYRING)
    later.forget()
    assert (later.token(), later.state(), keyring.kept) == (None, TokenState.NONE, {})


def test_a_token_is_for_one_hub_only() -> None:
    keyring = MemoryKeyring()
    TokenStore(HUB, lambda: keyring).store(TOKEN)
    mirror = TokenStore("https://mirror.example", lambda: keyring)
    assert (mirror.token(), mirror.state()) == (None, TokenState.NONE)


@pytest.mark.parametrize("keyring", [None, LockedKeyring(), ForgetfulKeyring()])
def test_without_a_working_keyring_the_token_lives_for_this_session(keyring: MemoryKeyring | None) -> None:
    store = TokenStore(HUB, lambda: keyring)
    assert store.store(TOKEN) is TokenState.SESSION
    assert (store.token(), store.state()) == (TOKEN, TokenState.SESSION)
    assert TokenStore(HUB, lambda: keyring).token() is None
    store.forget()
    assert store.token() is None


@pytest.mark.parametrize("keyring", [None, LockedKeyring()])
def test_the_person_is_told_that_no_keyring_answers(keyring: MemoryKeyring | None) -> None:
    state = TokenStore(HUB, lambda: keyring).state()
    assert state is TokenState.NO_KEYRING
    assert "no password store" in text(state)


def test_a_token_that_could_not_be_removed_is_said() -> None:
    keyring = StickyKeyring({(SERVICE, HUB): TOKEN})
    store = TokenStore(HUB, lambda: keyring)
    with pytest.raises(UserFacingError) as refused:
        store.forget()
    assert refused.value.message_id == "token.not_forgotten"


def test_a_new_token_takes_the_place_of_the_session_one() -> None:
    keyrings: list[MemoryKeyring | None] = [None]
    store = TokenStore(HUB, lambda: keyrings[0])
    store.store("hf_first")
    keyrings[0] = MemoryKeyring()
    assert store.store("hf_second") is TokenState.KEYRING
    assert store.token() == "hf_second"


@pytest.mark.parametrize("wrong", ["", "   ", "hf_x\r\nHost: evil.example", "hf_x y", "hf_\u0445", "hf_\u200bx"])
def test_what_cannot_be_a_token_is_refused_and_not_repeated(wrong: str) -> None:
    keyring = MemoryKeyring()
    with pytest.raises(UserFacingError) as refused:
        TokenStore(HUB, lambda: keyring).store(wrong)
    assert refused.value.message_id == "token.not_a_token"
    assert not refused.value.values
    assert not keyring.kept


def test_windows_limit_is_said_before_windows_refuses() -> None:
    keyring = MemoryKeyring()
    store = TokenStore(HUB, lambda: keyring)
    assert store.store("x" * LONGEST) is TokenState.KEYRING
    assert len(("x" * LONGEST).encode("utf-16-le")) == 2560
    with pytest.raises(UserFacingError) as refused:
        store.store("x" * (LONGEST + 1))
    assert "1,281 characters" in refused.value.what
    assert store.token() == "x" * LONGEST


def test_the_token_shows_in_no_representation_and_no_error() -> None:
    store = TokenStore(HUB, lambda: None)
    store.store(TOKEN)
    assert TOKEN not in repr(store)
    assert TOKEN not in str(store)


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "nothing.here"])
def test_a_backend_that_keeps_nothing_counts_as_no_keyring(backend: str) -> None:
    assert run_alone({"PYTHON_KEYRING_BACKEND": backend}, FIND) == "None"


def test_a_backend_that_writes_a_plain_file_counts_as_no_keyring(tmp_path: Path) -> None:
    (tmp_path / "plain_file_backend.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 9\n"
        "    def get_password(self, service, username): return 'from a plain file'\n"
        "    def set_password(self, service, username, password): pass\n"
        "    def delete_password(self, service, username): pass\n",
        encoding="utf-8",
    )
    names = {"PYTHON_KEYRING_BACKEND": "plain_file_backend.Keyring", "PYTHONPATH": str(tmp_path)}
    assert run_alone(names, FIND) == "None"


def test_importing_our_module_does_not_import_keyring() -> None:
    assert run_alone({}, "import sys, core.secrets; print('keyring' in sys.modules)") == "False"


def test_windows_own_store_is_one_we_accept() -> None:
    """On Windows the real store is found; elsewhere its class, made to look present, is recognised."""
    if sys.platform == "win32":
        found = run_alone({}, FIND)
    else:
        found = run_alone(
            {"PYTHON_KEYRING_BACKEND": "keyring.backends.Windows.WinVaultKeyring"},
            "from keyring.backends import Windows\nWindows.WinVaultKeyring.priority = 5\n" + FIND,
        )
    assert found == "WinVaultKeyring"


@pytest.mark.skipif(sys.platform != "win32", reason="the Credential Manager is a part of Windows")
def test_round_trip_through_the_credential_manager() -> None:
    assert run_alone({"PYTHON_KEYRING_BACKEND": None}, ROUND_TRIP).split() == [
        "token.keyring",
        "True",
        "None",
    ]


SECRET_SERVICE = pytest.mark.skipif(
    sys.platform != "linux" or not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="needs Linux with the packages dbus and gnome-keyring",
)


@SECRET_SERVICE
def test_round_trip_through_a_real_secret_service(tmp_path: Path) -> None:
    """GNOME's keyring on a session bus of its own, unlocked with an empty password; four programs in turn."""
    lines = on_own_bus(
        tmp_path,
        "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null",
        STATE,
        f"print(store.store({TOKEN!r}))",
        "print(store.state(), store.token())",
        "store.forget(); print(store.state(), store.token())",
    )
    assert lines == ["token.none", "token.keyring", f"token.keyring {TOKEN}", "token.none None"]
    files = [entry for entry in tmp_path.rglob("*") if entry.is_file()]
    assert files, "the keyring has a file of its own, and the token is in none in plain"
    assert not [entry for entry in files if TOKEN.encode() in entry.read_bytes()]


@SECRET_SERVICE
def test_a_secret_service_that_nobody_unlocks(tmp_path: Path) -> None:
    """No screen for the question, so the service refuses: nothing hangs, and the token lives for the session."""
    lines = on_own_bus(tmp_path, ":", STATE, f"print(store.store({TOKEN!r}), store.token(), store.state())")
    assert lines == ["token.no_keyring", f"token.session {TOKEN} token.session"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system always has a store")
def test_a_bare_machine_without_a_bus() -> None:
    assert run_alone({"PYTHON_KEYRING_BACKEND": None}, STORE + STATE) == "token.no_keyring"


FIND = "from core.secrets import system_keyring\nfound = system_keyring()\nprint(found and type(found).__name__)"
STORE = f"from core.secrets import TokenStore\nstore = TokenStore({HUB!r})\n"
STATE = "print(store.state())"
ROUND_TRIP = f"{STORE}print(store.store({TOKEN!r}), store.token() == {TOKEN!r}); store.forget(); print(store.token())"


def run_alone(names: Mapping[str, str | None], code: str) -> str:
    """What a program of its own prints, with environment variables set, or removed where None."""
    environment = {key: value for key, value in {**os.environ, **names}.items() if value is not None}
    return output([sys.executable, "-c", code], environment)


def on_own_bus(folder: Path, before: str, *programs: str) -> list[str]:
    """Lines printed by programs that run one after another on a session bus, with a home, of their own."""
    (folder / "runtime").mkdir(mode=0o700)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON_", "DISPLAY"))}
    environment |= {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder / "runtime"), "PYTHON": sys.executable}
    environment |= {f"PROGRAM_{number}": STORE + program for number, program in enumerate(programs)}
    calls = [f'"$PYTHON" -c "$PROGRAM_{number}"' for number in range(len(programs))]
    command = ["dbus-run-session", "--", "sh", "-c", " && ".join([before, *calls])]
    return output(command, environment).splitlines()


def output(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
