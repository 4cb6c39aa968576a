"""The only place that speaks to the Hub. Importing it prepares the environment before `huggingface_hub` is imported."""

import os

from core.paths import folders


def _prepare_environment() -> None:
    """Switch off what huggingface_hub reads, writes and sends on its own; it looks at these once, when imported.

    No implicit token, no telemetry, no Xet (a second network stack outside our allow-list), no endpoint from
    outside (it is where implicit tokens go), and a home of our own, so that nothing of the user's is read or written.
    """
    for name in ("DISABLE_IMPLICIT_TOKEN", "DISABLE_TELEMETRY", "DISABLE_XET", "DISABLE_PROGRESS_BARS"):
        os.environ[f"HF_HUB_{name}"] = "1"
    os.environ["HF_HOME"] = str(folders().cache / "huggingface")
    for name in ("HF_ENDPOINT", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN_PATH", "HF_OIDC_RESOURCE"):
        os.environ.pop(name, None)


_prepare_environment()
