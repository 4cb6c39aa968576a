"""What the worker gives up before it sees a single untrusted byte.

Every layer is optional: a kernel or system that lacks one leaves the others, and the worker says which are active.
The audit hook is a tripwire against accidents and pure-Python tricks, no wall against native code.
"""

import bz2
import ctypes
import lzma
import os
import struct
import sys
import zlib
from pathlib import Path
from time import monotonic
from typing import Any

import lz4.frame
import zstandard

__all__ = ["after_threads", "before_threads", "leave", "monotonic"]

NEEDS_THE_SYSTEM = (bz2, lzma, zlib, lz4.frame, zstandard)
"""Modules on libraries of the system, which may not be opened later: here they are loaded in time.

The wheels of lz4 and zstandard ask for `libpthread.so.0`, which Python itself no longer needs."""

_MEMORY = 3 << 30
"""Bytes of address space; eight thread stacks and the interpreter need under one gigabyte of it."""
_CPU_SECONDS = 3600

_REFUSED_EVENTS = (
    "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "os.forkpty", "os.startfile", "os.kill",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.setxattr", "os.putenv", "os.unsetenv", "subprocess.Popen", "pty.spawn", "socket.", "ssl.",
    "urllib.Request", "ftplib.", "smtplib.", "http.client.", "telnetlib.", "pickle.find_class", "shutil.", "tempfile.",
    "webbrowser.open", "winreg.", "msvcrt.", "_winapi.CreateProcess", "_winapi.CreateFile", "_winapi.OpenProcess",
    "ctypes.", "code.__new__", "cpython.run_", "mmap.__new__", "sqlite3.", "syslog.", "signal.pthread_kill",
)  # fmt: skip
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def before_threads() -> list[str]:
    """Layers that threads inherit. Returns their names."""
    if sys.platform != "linux":
        return []
    layers = _resource_limits()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) == 0:  # PR_SET_NO_NEW_PRIVS
        layers.append("no_new_privileges")
        layers += [*_landlock(libc), *_system_call_filter(libc)]
    return layers


def after_threads() -> list[str]:
    """Layers that would keep us from starting our own threads. Returns their names."""
    layers = []
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  does not exist on Windows

        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        layers.append("no_processes")
    sys.addaudithook(_tripwire)
    return [*layers, "audit_hook"]


def leave() -> None:
    """End at once; daemon threads may be deep in a parser."""
    os._exit(0)


def _tripwire(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        _path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITE_FLAGS):
            raise PermissionError("the worker writes no files")
    elif event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"the worker does not do {event}")


def _resource_limits() -> list[str]:
    import resource  # noqa: PLC0415  does not exist on Windows

    for what, limit in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (value, value))
    return ["resource_limits"]


_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""Number of file-system rights per Landlock ABI (linux/landlock.h)."""


def _landlock(libc: ctypes.CDLL) -> list[str]:
    """No file but our own code and Python's may be read, none written, nothing connected (Landlock, Linux 5.13+)."""
    abi = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return []
    rights = (1 << _FILE_RIGHTS.get(abi, 16)) - 1
    network = 3 if abi >= 4 else 0
    attributes = struct.pack("QQ", rights, network) if abi >= 4 else struct.pack("Q", rights)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return []
    for folder in _readable_folders():
        descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _READ_FILE | _READ_DIRECTORY, descriptor)
        libc.syscall(_ADD_RULE, ruleset, 1, rule, 0)
        os.close(descriptor)
    restricted = libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return ["landlock"] if restricted else []


def _readable_folders() -> list[Path]:
    here = Path(__file__).resolve().parents[2]
    folders = {here / "core", here / "resources", *(Path(prefix) for prefix in (sys.prefix, sys.base_prefix))}
    if Path("/usr") in folders:  # a system Python: only its library, not all of /usr
        folders = folders - {Path("/usr")} | {Path(entry) for entry in sys.path if entry}
    return sorted(folder for folder in folders if folder.is_dir())


_MACHINES = {"x86_64": (0xC000003E, (41, 42, 43, 49, 53, 56, 57, 58, 59, 62, 101, 165, 321, 322, 425))}
"""Audit architecture and numbers of the refused system calls: sockets, clone (fork), exec, kill, ptrace, mount, bpf,
execveat, io_uring (arch/x86/entry/syscalls/syscall_64.tbl). Other machines go without this layer."""


def _system_call_filter(libc: ctypes.CDLL) -> list[str]:
    """Refuse sockets of every kind and new programs (seccomp); Landlock alone does not cover UDP."""
    machine = _MACHINES.get(os.uname().machine) if sys.platform == "linux" else None
    if machine is None:
        return []
    architecture, numbers = machine
    clone = 56  # threads still have to start: only clone without CLONE_THREAD is a fork, and NPROC sees to that
    refused = [number for number in numbers if number != clone]
    program = [(0x20, 0, 0, 4), (0x15, 1, 0, architecture), (0x06, 0, 0, 0x7FFF0000), (0x20, 0, 0, 0)]
    for index, number in enumerate(refused):
        program.append((0x15, len(refused) - index, 0, number))
    program += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)]  # allow; EPERM
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_program = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    return ["system_call_filter"] if libc.prctl(22, 2, filter_program, 0, 0) == 0 else []
