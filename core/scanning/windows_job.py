"""A Windows job object around the worker: it ends when we end, however we end, and may not grow without bound."""

import subprocess
import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _BasicLimits(ctypes.Structure):
        """JOBOBJECT_BASIC_LIMIT_INFORMATION (winnt.h)."""

        _fields_ = (
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _ExtendedLimits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION (winnt.h)."""

        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_ulonglong * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    _EXTENDED_LIMITS = 9
    _KILL_ON_CLOSE, _PROCESS_MEMORY, _DIE_QUIETLY = 0x2000, 0x100, 0x400
    _MEMORY = 2 << 30

    def kill_with_us(process: "subprocess.Popen[bytes]") -> int | None:
        """Put the process into a job that ends with our handle. None if the system refuses."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        job = kernel.CreateJobObjectW(None, None)
        if not job:
            return None
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _KILL_ON_CLOSE | _PROCESS_MEMORY | _DIE_QUIETLY
        limits.ProcessMemoryLimit = _MEMORY
        set_up = kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        # A virtual environment's python.exe only starts the real one, which then is in the job as its child.
        if set_up and kernel.AssignProcessToJobObject(job, int(process._handle)):  # type: ignore[attr-defined]  # noqa: SLF001  the only way to the handle
            return int(job)
        kernel.CloseHandle(wintypes.HANDLE(job))
        return None

    def release(job: int | None) -> None:
        """Close the handle; whatever is still in the job ends."""
        if job is not None:
            ctypes.WinDLL("kernel32").CloseHandle(wintypes.HANDLE(job))

else:

    def kill_with_us(process: "subprocess.Popen[bytes]") -> int | None:  # noqa: ARG001  Windows only
        """Elsewhere the worker notices that its pipe closed."""
        return None

    def release(job: int | None) -> None:
        """Nothing to do here."""
