"""Calls of Python that open, write and delete files: whose they are, and what comes into them."""

import ast
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from core.command_lines import names_autostart, names_secret
from core.findings import Level
from core.scanning.code.python_notes import Notes, names_itself
from core.scanning.code.python_tables import SECRET_READERS, WRITERS
from core.scanning.code.python_values import NOTHING, Value, joined_marks, marked, words

_FILES = ("open()", "io.open()", "pathlib.Path()")
_OPENS = frozenset({"open", "io.open", "codecs.open", "pathlib.Path().open"})
_DELETES = frozenset("os.remove os.unlink os.rename os.replace shutil.rmtree pathlib.Path().unlink".split())
_COPIES = frozenset("shutil.copy shutil.copyfile shutil.copy2 shutil.move os.rename os.replace os.symlink".split())
_LISTS = frozenset(
    "shutil.make_archive shutil.copytree glob.glob glob.iglob os.listdir os.walk os.scandir sqlite3.connect "
    "shutil.copy shutil.copyfile".split()
)
_UNPACKS = frozenset({"extractall", "unpack_archive"})
_OF_PYTHON = frozenset(
    "site.getsitepackages site.getusersitepackages sysconfig.get_path sysconfig.get_paths "
    "distutils.sysconfig.get_python_lib".split()
)
_WALKS = frozenset("os.walk glob.glob glob.iglob pathlib.Path().rglob pathlib.Path().glob".split())
_HERE = frozenset({"os.getcwd()", "pathlib.Path.cwd()"})
_RANDOM = frozenset("os.urandom secrets.token_bytes random.randbytes".split())
_UNPACKERS = frozenset({"gzip.open", "bz2.open", "lzma.open", "gzip.GzipFile", "bz2.BZ2File", "lzma.LZMAFile"})
_PROGRAM = re.compile(
    r"\.(?:exe|dll|scr|com|pif|msi|bat|cmd|vbs|vbe|js|jse|wsf|hta|ps1|lnk|sh|so|dylib|py|pyw|pyc)$", re.IGNORECASE
)
_TEMPORARY = frozenset({"tempfile.mkdtemp", "tempfile.mktemp"})
_AT_EVERY_START = re.compile(r"(?:^|[\\/])(?:site|user)customize\.py$|\.pth$", re.IGNORECASE)
_DISK = re.compile(
    r"^\\\\[.?]\\(?:PhysicalDrive\d|[A-Z]:)|^/dev/(?:sd[a-z]|hd[a-z]|vd[a-z]|nvme\d|mmcblk\d|disk\d)", re.IGNORECASE
)
"""A disk itself; what is written there takes the place of all files."""
_RIGHTS = re.compile(r"(?:^|/)etc/(?:sudoers(?:\.d/|$)|shadow$)")
"""Files that say who may do everything on a computer."""
_NAMES_OF_HOSTS = re.compile(r"(?:^|[\\/])etc[\\/](?:hosts|resolv\.conf)$", re.IGNORECASE)
_SOURCES = re.compile(
    r"(?:^|[\\/])(?:pip[\\/]pip\.(?:conf|ini)|\.pip[\\/]pip\.conf|uv[\\/]uv\.toml|\.condarc)$", re.IGNORECASE
)
"""Settings that say from where packages are installed."""
_KEPT_SECRETS = ("id_rsa", "id_ed25519", "credentials", "logins.json", "wallet.dat", ".env", "Login Data", "key4.db")
_OF_PROGRAMS = re.compile(
    r"[\\/]discord_desktop_core[\\/]|[\\/]resources[\\/]app(?:\.asar$|[\\/]\S*\.js$)", re.IGNORECASE
)
"""Where programs that are made with Electron keep their source."""
_HOLDS_ROWS = re.compile(r"\.(?:jsonl?|ndjson|csv|tsv|ya?ml|md|log|parquet|arrow|npy|npz|safetensors)$", re.IGNORECASE)
"""Files that hold records: what is written there is not run from there."""
_OWN_FOLDER = re.compile(r"^(?:~|\$HOME|%USERPROFILE%)(?:[\\/](?!\.)\S|[\\/]?$)")
_EVERYTHING = re.compile(
    r"^(?:/|[A-Za-z]:[\\/]?|(?:~|\$HOME|%USERPROFILE%)(?:[\\/](?:documents|desktop|downloads|pictures|music|videos|onedrive))?)[\\/*]*$",
    re.IGNORECASE,
)
"""All there is, or what a person made."""
_PIXELS = tuple(
    "PIL.Image.open cv2.imread imageio.imread numpy.load numpy.fromfile safetensors.torch.load_file "
    "safetensors.numpy.load_file safetensors.safe_open safetensors.torch.safe_open torch.load torch.from_file "
    "wave.open pkgutil.get_data importlib.resources.read_binary".split()
)
"""Read pictures, sounds and weights: nothing that is meant to be run."""
_TEXTS_TO_RUN = re.compile(
    r"\.(?:py|pyw|ipy|txt|cfg|conf|md|json|ya?ml|toml|in|inc|tmpl|j2|jinja2?|template|rc|env)$|^[^.]*$", re.IGNORECASE
)


_KEPT_BY_FILES = frozenset(
    "itself decoded fetched_file secret fetched python_folder home no_text walked from_store hub".split()
)
"""Marks of a path that are also those of what lies there."""


class Files:
    """Judges such calls, and marks what they give."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.writes = False
        """Whether it writes into the registry or into files."""
        self._encrypts = False

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """What comes back, None if nothing is known of it."""
        last = name.rpartition(".")[2]
        given = joined_marks([*arguments, *keywords.values()])
        if name.startswith(SECRET_READERS) or last == "CryptUnprotectData":
            self._notes.note("secrets", node, name)
            return Value(name=f"{name}()", marks=frozenset({"secret"}))
        if name in _OPENS or (name.startswith(_FILES) and last.startswith("read")):
            return self._opened(name, function, arguments, keywords, node)
        found = self._place(name, function, arguments, given)
        if found is None:
            self._changes(name, last, function, arguments, given, node)
        if last == "encrypt":
            return Value(name=f"{name}()", marks=given | {"encrypted"})
        return found

    def _place(self, name: str, function: Value, arguments: Sequence[Value], given: frozenset[str]) -> Value | None:
        """Calls that give a place or what lies there."""
        if name in {"pathlib.Path", "os.path.abspath", "os.path.realpath"} and names_itself(arguments):
            return Value(name=f"{name}()", marks=frozenset({"itself"}))
        if name in _OF_PYTHON:
            return Value(name=f"{name}()", marks=frozenset({"python_folder"}))
        if name in _TEMPORARY:
            return Value(name=f"{name}()", text="/tmp/" + name.rpartition(".")[2])  # noqa: S108  a stand-in
        if name == "pathlib.Path.home":
            return Value(name="pathlib.Path()", text="~", marks=frozenset({"home"}))
        if name == "os.path.expanduser" and arguments and _OWN_FOLDER.match(words(arguments[0])):
            return Value(name=f"{name}()", text=words(arguments[0]), marks=given | {"home"})
        if name.startswith(_PIXELS):
            return Value(name=f"{name}()", marks=given | {"no_text"})
        if name in _LISTS and any(_may_name_secret(words(one)[:2000]) for one in arguments):
            return Value(name=f"{name}()", marks=frozenset({"secret"}))
        return _found(name, function, arguments, given)

    def _changes(
        self,
        name: str,
        last: str,
        function: Value,
        arguments: Sequence[Value],
        given: frozenset[str],
        node: ast.AST,
    ) -> None:
        if name in _DELETES:
            self._deleted(name, [*arguments, function], node)
        if name in _COPIES and len(arguments) > 1:
            self._written_to(arguments[1], node, name)
        if last in WRITERS:
            self._written(function, arguments, given, node, last)
        if last in _UNPACKS and {"fetched", "received"} & (given | function.marks):
            target = arguments[-1] if arguments else NOTHING
            self._notes.brought_into(words(target).rstrip("/\\") + "/" if words(target) else "", "fetched")
        self.writes = self.writes or name.startswith(("winreg.Set", "winreg.Create", "shutil.", "os.symlink"))

    def _opened(
        self,
        name: str,
        function: Value,
        arguments: Sequence[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        method = name.startswith("pathlib.") or "()" in name
        place = function if method else next(iter(arguments), NOTHING)
        path = words(place)
        marks = set(joined_marks([*arguments, function]) & _KEPT_BY_FILES | (joined_marks([function]) & {"own_text"}))
        if place.name == "__file__":
            marks.add("own_text")
        if names_secret(" ".join(path[:2000].split())):
            marks.add("secret")
        if self._notes.is_brought(path):
            marks.add("fetched")
        if path and not _TEXTS_TO_RUN.search(re.split(r"[\\/]", path)[-1]):
            marks.add("no_text")
        mode = keywords.get("mode") or next(iter(arguments[0 if method else 1 :]), NOTHING)
        if name in _OPENS and isinstance(mode.constant, str) and re.search(r"[wax+]", mode.constant):
            self._written_to(place, node, name)
            marks.discard("no_text")
        return Value(name="open()", text=path[:2000], marks=frozenset(marks))

    def _written(
        self, function: Value, arguments: Sequence[Value], given: frozenset[str], node: ast.AST, last: str
    ) -> None:
        files = [one for one in arguments if one.name.startswith(_FILES)]
        file = files[-1] if files else function  # of `copyfileobj(source, target)` the target
        place = words(file)
        self.writes = self.writes or _HOLDS_ROWS.search(place) is None
        if {"fetched", "received"} & given:
            self._notes.brought_into(place, "fetched")
        if "decoded" in given or ("unpacked" in given and _PROGRAM.search(place)):
            self._notes.brought_into(place, "decoded")
        if last.startswith("write_"):
            self._written_to(function, node, last)
        self._encrypts = self._encrypts or "encrypted" in given
        if {"encrypted", "random"} & given and file.marks >= {"walked", "home"}:
            self._notes.note("destroys", node, last)

    def _written_to(self, place: Value, node: ast.AST, name: str) -> None:
        """Whether a file is one that makes something run by itself."""
        path = words(place)
        if names_autostart(path):
            self._notes.note("autostart", node, f"{name}({path[:300]})")
        elif _DISK.match(path):
            self._notes.note("destroys", node, f"{name}({path[:300]})")
        elif _RIGHTS.search(path):
            self._notes.note("elevation", node, f"{name}({path[:300]})", level=Level.HIGH)
        elif _OF_PROGRAMS.search(path) or "of_programs" in place.marks:
            self._notes.note("alters-others", node, f"{name}({path[:300]})")
        elif _NAMES_OF_HOSTS.search(path) or _SOURCES.search(path):
            level = Level.CAREFUL if _SOURCES.search(path) else None
            self._notes.note("redirects", node, f"{name}({path[:300]})", level=level)
        elif _AT_EVERY_START.search(path) and ("python_folder" in place.marks or not path.lower().endswith(".pth")):
            self._notes.note("alters-python", node, f"{name}({path[:300]})")
        elif "python_folder" in place.marks and path.lower().endswith(".py"):
            self._notes.note("alters-python", node, f"{name}({path[:300]})", level=Level.CAREFUL)

    def _deleted(self, name: str, given: Sequence[Value], node: ast.AST) -> None:
        if names_itself(given) and name not in _COPIES:
            self._notes.note("self-delete", node, name)
        marks = joined_marks(given)
        everything = name == "shutil.rmtree" and any(_EVERYTHING.match(words(one)) for one in given if words(one))
        if everything or (self._encrypts and "home" in marks):
            self._notes.note("destroys", node, name)


def _may_name_secret(path: str) -> bool:
    """Whether a path, or one that a pattern like `~/.ssh/id_*` stands for, leads to passwords or keys."""
    folder, _, last = path.replace("\\", "/").rpartition("/")
    if "*" not in last or last.startswith("*"):
        return names_secret(path)
    return any(fnmatchcase(name, last) and names_secret(f"{folder}/{name}") for name in _KEPT_SECRETS)


def _found(name: str, function: Value, arguments: Sequence[Value], given: frozenset[str]) -> Value | None:
    """Files by the dozen, from the person's own folder or from wherever the program was started; packed ones."""
    if name in _UNPACKERS:
        return Value(name="open()", text=words(next(iter(arguments), NOTHING))[:2000], marks=given | {"unpacked"})
    if name in _RANDOM:
        return Value(name=f"{name}()", marks=frozenset({"random"}))
    marks = given | function.marks
    if name in _WALKS and any(_OF_PROGRAMS.search(words(one)) for one in arguments):
        return Value(name=f"{name}()", marks=marks | {"of_programs"})
    place = next(iter(arguments), NOTHING) if name == "os.walk" else function
    anywhere = "home" in marks or place.name in _HERE or place.name.startswith("pathlib.Path.cwd()")
    if name not in _WALKS or not anywhere:
        return None
    return Value(name=f"{name}()", marks=marks | {"walked"})


def passed_file(arguments: Sequence[Value]) -> Value | None:
    """An open file whose `write` is handed to another function: `ftp.retrbinary("RETR x", file.write)`."""
    return next((one for one in arguments if one.name.endswith(".write") and one.name.startswith(_FILES)), None)


def path_method(name: str, function: Value, arguments: Sequence[Value]) -> Value | None:
    """Methods of a path that give a path."""
    last = name.rpartition(".")[2]
    if not name.startswith("pathlib.Path()") or last not in {"expanduser", "resolve", "absolute", "joinpath"}:
        return None
    text = "/".join(filter(None, [function.text, *(words(one) for one in arguments)]))
    marks = joined_marks([function, *arguments]) - ({"itself"} if last == "joinpath" else set())
    return marked(Value(name="pathlib.Path()", text=text), *marks)
