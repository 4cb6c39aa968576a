"""TorchServe archives (.mar): which code of theirs the server runs (pytorch/serve: model-archiver, MANIFEST.json)."""

import json

from core.byte_reader import ByteReader
from core.findings import Evidence
from core.scanning.inspection import Inspection

_MANIFEST = 1 << 20
_OWN_HANDLERS = frozenset({"image_classifier", "image_segmenter", "object_detector", "text_classifier", "base_handler"})


def scan_manifest(inspection: Inspection, file: ByteReader) -> None:
    """Report a handler that the archive brings along: the server imports it before it loads the model."""
    source = file.read(_MANIFEST)
    file.seek(0)
    try:
        document = json.loads(source)
    except (ValueError, RecursionError):
        inspection.partly("structure_broken")
        return
    model = document.get("model") if isinstance(document, dict) else None
    handler = model.get("handler") if isinstance(model, dict) else None
    if isinstance(handler, str) and handler and handler.removesuffix(".py") not in _OWN_HANDLERS:
        inspection.report("handler", Evidence("entry", f"handler: {handler}"), name=handler)
