"""The parent's side of `tensor_headers`: has the heads of some weight files read in a worker process."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from core.byte_reader import ByteReader
from core.progress import Cancelled, CancelToken
from core.scanning.protocol import ProtocolError
from core.scanning.sandbox import Sandbox, Setup, WorkerLost
from core.scanning.tensor_headers import facts_of
from core.tensor_facts import TensorFacts


def read(files: Sequence[tuple[str, ByteReader]], cancel: CancelToken) -> list[TensorFacts | None]:
    """What each file's head says; None where it could not be read. Raises `Cancelled`."""
    if not files:
        return []
    sandbox = Sandbox(Setup())
    try:
        with ThreadPoolExecutor(len(files), "tensor headers") as pool:
            return list(pool.map(lambda file: _read_one(sandbox, file[0], file[1], cancel), files))
    finally:
        sandbox.close()


def _read_one(sandbox: Sandbox, path: str, file: ByteReader, cancel: CancelToken) -> TensorFacts | None:
    try:
        payload = sandbox.headers(path, file, cancel)
        return facts_of(payload) if file.error is None else None
    except Cancelled:
        raise
    except (WorkerLost, ProtocolError):
        return None
    except Exception:
        if file.error is None:
            raise  # not a failure of the source: a bug
        return None
    finally:
        file.close()
