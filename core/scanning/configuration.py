"""Configuration files that lead loaders to code: auto_map, `_target_`, kernels, custom pipelines; chat templates."""

import json
import re
from collections.abc import Iterator
from typing import Any

from core.findings import LEVEL_ORDER, Evidence, Level
from core.hosts import NOBODY_ANSWERS
from core.scanning import commented_json, dependency_files, settings_that_start, templates
from core.scanning.byte_sources import line_at, newline_offsets
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.shell_scripts import runs_what_it_fetches
from core.scanning.content import decode
from core.scanning.formats import keras, pickle_hidden
from core.scanning.formats.paths import escapes
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.inspection import Inspection

_READ_WHOLE = 16 << 20
"""Bytes. A configuration beyond that is not read to its end, and said so."""
_SMALL = 1 << 20
"""Bytes up to which any JSON file is read whole, whatever its name."""
_NAMED = re.compile(r"config|index|processor|modules|settings|template|adapter|tokenizer_|metadata", re.IGNORECASE)
"""Names of files in which loaders look for more than data. A large vocabulary or table is judged by its beginning."""
_OF_DIFFUSERS = re.compile(
    r"(?:diffusers|transformers|optimum|onnxruntime|peft|torch|flax|sentence_transformers|nunchaku)(?:\.[\w.]+)?|"
    r"(?:stable_|latent_|deepfloyd|kandinsky|wuerstchen|audio|music|paint_by|alt_diff|versatile|semantic_|text_to_video|"
    r"controlnet|pixart|hunyuan|kolors|flux|sana|lumina|cogv|ltx|mochi|wan|qwen|animate|i2vgen|shap_e|unidiffuser|"
    r"blip_diff|amused|pia|marigold|ledits|free_|aura|allegro|omnigen|consisid|cosmos|hidream|visualcloze|chroma|skyreels|"
    r"easyanimate|bria|prx|dance_|ddpm|ddim|pndm|score_|vq_|repaint|dit|spectrogram|stochastic|unclip|consistency|"
    r"easy|hart|ovis|longcat|glm_|z_image|helios|llada)\w*"
)
"""Libraries and modules of pipelines from which diffusers takes classes (pipelines/pipeline_loading_utils.py); anything
else is imported by its name."""
_FRAMEWORKS = frozenset(
    "torch torchvision torchaudio pytorch_lightning lightning nemo transformers diffusers accelerate peft omegaconf "
    "hydra sentence_transformers keras tensorflow flax timm".split()
)
_IMPORTED_BY_ADAPTERS = frozenset({"transformers_modules", "__main__"})
"""Repository code, which has a finding of its own, and the training script (peft: `auto_mapping`)."""
_SKOPS = frozenset("builtins numpy scipy sklearn collections xgboost lightgbm catboost quantile_forest".split())
_KERNEL_KEYS = frozenset({"_attn_implementation_internal", "_experts_implementation_internal"})
_CHOICE_KEYS = frozenset({"attn_implementation", "_attn_implementation", "experts_implementation"})
_CODE_KEYS = frozenset({"custom_pipeline", "custom_generate", "custom_modules_path"})
_TAG = re.compile(r"!!python/[\w/]+[:\w.]*|!<tag:yaml\.org,2002:python/[^>\n]{1,300}>")
_HYPER_TAG = re.compile(r"(?<![\w!])!(?:apply|new|name|module|apply_init):([A-Za-z_][\w.]*)")
"""HyperPyYAML of SpeechBrain: what is called, made or imported while the settings are read."""
_PLAIN_TAG = re.compile(r"!!python/(?:none|bool|bytes|str|unicode|int|long|float|complex|list|tuple|dict)")
_NAMING_TAG = re.compile(
    r"(?:!!python/|!<tag:yaml\.org,2002:python/)(?P<tag>name|module|object(?:/\w+)?):(?P<name>[\w.]*)"
)
"""PyYAML, "YAML tags and Python types": values that are no code, and tags that name something."""
_TAG_NAMES = re.compile(r"(?m)^%TAG\s+\S+\s+tag:yaml\.org,2002:python\S*")
_TARGET = re.compile(r"(?m)(?:^|[\s{,\[-])[\"']?(_target_|class_path|target)[\"']?\s*[:=]\s*[\"']?([\w.]+)")
_TARGETS = frozenset({"_target_", "class_path", "target", "parent_library"})
"""Keys whose value is imported and called. `target`, as latent diffusion has it, is a common word elsewhere: only what
nobody needs there counts."""
_NAMES_OTHERS = frozenset(
    "hydra.utils.get_method hydra.utils.get_class hydra.utils.get_object hydra.utils.get_static_method "
    "hydra._internal.utils._locate hydra.utils.call hydra.utils.instantiate".split()
)
"""Functions of a framework that call whatever another entry names."""
_OWN_CLASS = re.compile(r"(?:[a-z_]\w*\.)+[A-Z]\w*")
"""A class of a project, as settings of a training name them: its source is looked at by itself."""
_OF_A_TRAINING = re.compile(r"(?:^|/)(?:conf|confs|configs?|hydra|experiments?|exp|yamls?)/")
"""Folders of settings that a person starts a training with; no loader of a model looks there."""
_RUN_BY_TOOLS = re.compile(
    r"(?:^|/)(?:package|tasks|launch|devcontainer|composer|nodemon|settings|\.?mcp|\w*desktop_config)\.json$|(?:^|/)\.(?:vscode|devcontainer)/",
    re.IGNORECASE,
)
"""Files in which editors and package managers look for commands to run."""
_MOST_COMMANDS = 4 << 20
"""Characters. Files of settings with commands in them are small."""


def scan_json(inspection: Inspection) -> None:
    """A JSON file: parsed whole if a loader would follow what stands in it."""
    name = inspection.path.rpartition("/")[2]
    looked_for = "." not in name or _NAMED.search(name) or _RUN_BY_TOOLS.search(inspection.path)
    if inspection.file.size > _SMALL and not looked_for:
        return
    source = _source(inspection)
    if source is None:
        return
    pickle_hidden.report_in_text(inspection, source, quoted=True)
    source = commented_json.plain(source) if _RUN_BY_TOOLS.search(inspection.path) else source
    try:
        document = json.loads(source)
    except RecursionError:
        _scan_lines(inspection, source)
        inspection.partly("code_too_nested")
        return
    except ValueError:
        # Configurations with comments, single lines of JSON, or no JSON at all: search the text instead.
        _scan_lines(inspection, source)
        if re.search(r'"(auto_map|_target_|custom_pipeline)"', source):
            inspection.partly("structure_broken")
        return
    if len(_DOUBLED.findall(source)) > 1:
        document = json.loads(source, object_pairs_hook=_with_doubles)
    if _RUN_BY_TOOLS.search(inspection.path):
        _report_commands(inspection, source.replace('\\"', "'"))
        dependency_files.scan_package_json(inspection, document)
    if len(source) <= _MOST_COMMANDS and isinstance(document, dict | list) and settings_that_start.may_start(source):
        settings_that_start.report(inspection, document)
    if keras.is_config(document):
        inspection.kind = "keras_config"
        keras.report_config(inspection, document)
    report_document(inspection, document)


_DOUBLED = re.compile(r'"(?:auto_map|_target_|trust_remote_code|custom_pipeline)"')


def _with_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a key stands twice: readers take the last, and some the first; both are looked at."""
    made = dict(pairs)
    if len(made) < len(pairs):
        made["\0doubled"] = [{key: value} for key, value in pairs]
    return made


def _report_commands(inspection: Inspection, source: str) -> None:
    """Lines that tools hand to a shell."""
    if len(source) > _MOST_COMMANDS:
        inspection.partly("too_large")
        return
    with Behaviour(inspection) as behaviour:
        for number, line in enumerate(source.splitlines(), start=1):
            if not line.lstrip().startswith("#"):
                behaviour.command(line, number)
        if inspection.kind == "yaml":
            _report_two_steps(inspection, source, behaviour)


_BEFORE_A_STEP = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]+)?(?:(?:run|command|script|cmd|shell|entrypoint)[ \t]*:[ \t]*)?[\"'|>]*[ \t]*"
)


def _report_two_steps(inspection: Inspection, source: str, behaviour: Behaviour) -> None:
    """Steps of which one downloads a file, and a later one starts it. Tests that a code host runs often do."""
    run = runs_what_it_fetches(_BEFORE_A_STEP.sub("", source))
    if not run:
        return
    odd = any(NOBODY_ANSWERS.search(line) for line in source.splitlines() if _FETCHES.search(line))
    if odd or not inspection.path.startswith(".github/"):
        behaviour.note("download-and-run", fact("command", run[:400]), level=None if odd else Level.CAREFUL)


_FETCHES = re.compile(r"\b(?:curl|wget|iwr|invoke-webrequest)\b", re.IGNORECASE)


def scan_lines(inspection: Inspection) -> None:
    """YAML, TOML and their like: entries that name code, line by line. Nothing is constructed."""
    source = _source(inspection)
    if source is not None:
        pickle_hidden.report_in_text(inspection, source)
        _scan_lines(inspection, source)
        dependency_files.scan(inspection, source)
        if inspection.kind != "json_lines":
            _report_commands(inspection, source)


def scan_template(inspection: Inspection) -> None:
    """A chat template in a file of its own."""
    source = _source(inspection)
    if source is not None:
        templates.report(inspection, source, inspection.path.rpartition("/")[2])


def report_document(inspection: Inspection, document: object) -> None:
    """Findings of a parsed configuration."""
    for key, value in _entries(document):
        _report_entry(inspection, key, value)
    for node in _skops_nodes(document):
        _report_target(inspection, "skops", f"{node['__module__']}.{node['__class__']}")
    if isinstance(document, dict):
        _report_templates(inspection, document.get("chat_template"))
        if isinstance(document.get("_class_name"), list):  # diffusers: the file of the class, then the class
            inspection.report("custom-pipeline", Evidence("entry", str(document["_class_name"])), name="_class_name")
        if isinstance(document.get("_class_name"), str | list):
            _report_pipeline(inspection, document)
    elif isinstance(document, list):
        _report_modules(inspection, document)


def _skops_nodes(document: object) -> Iterator[dict[str, str]]:
    """Objects that skops would build: module, class and loader by name (skops.io: schema.json)."""
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if "__loader__" in value and all(isinstance(value.get(key), str) for key in ("__module__", "__class__")):
                yield value
            waiting += value.values()


def _source(inspection: Inspection) -> str | None:
    if inspection.file.size > _READ_WHOLE:
        inspection.partly("too_large")
        return None
    source = decode(inspection.read_at(0, inspection.file.size))
    if source is None:
        inspection.unread("structure_broken")
    return source


def _entries(document: object) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth, without recursion."""
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
        elif isinstance(value, list):
            waiting.extend(inner for inner in value if isinstance(inner, dict | list))


def _report_entry(inspection: Inspection, key: str, value: object) -> None:
    key = key.rpartition(".")[2]  # metadata of tensor files keeps nested settings as `encoder._target_`
    if key == "auto_map":
        _report_auto_map(inspection, value)
    elif key in _TARGETS and isinstance(value, str):
        _report_target(inspection, key, value)
    elif key == "weight_map" and isinstance(value, dict):
        for part in {part for part in value.values() if isinstance(part, str) and escapes(part)}:
            inspection.report("index-path", Evidence("path", part), target=part)
    elif key in _KERNEL_KEYS | _CHOICE_KEYS and isinstance(value, dict):
        for part in value.values():
            _report_entry(inspection, key, part)
    elif (key in _KERNEL_KEYS and isinstance(value, str)) or (
        key in _CHOICE_KEYS and isinstance(value, str) and "/" in value
    ):
        if "/" in value or ":" in value:
            inspection.report("configuration-code", Evidence("entry", f"{key}: {value}"), name=key)
    elif (key in _CODE_KEYS and value) or (key == "trust_remote_code" and str(value).lower() in {"true", "1"}):
        # CVE-2026-44513, CVE-2026-5241: the file decides what its reader should have been asked.
        inspection.report("custom-pipeline", Evidence("entry", f"{key}: {value}"), level=Level.HIGH, name=key)


def _report_auto_map(inspection: Inspection, value: object) -> None:
    """`auto_map`: class names by loader, each `module.Class` or `owner/name--module.Class` (transformers)."""
    named = value.values() if isinstance(value, dict) else [value]
    for entry in named:
        for target in entry if isinstance(entry, list) else [entry]:
            if not isinstance(target, str) or not target:
                continue
            owner, elsewhere, _ = target.partition("--")
            if elsewhere:
                inspection.report("auto-map-elsewhere", Evidence("entry", target), name=owner)
            else:
                inspection.report("auto-map", Evidence("entry", target))


def _report_target(inspection: Inspection, key: str, value: str, line: int | None = None) -> None:
    """What is imported and called while loading (hydra, NeMo: CVE-2025-23304). Frameworks' own classes are usual."""
    if key == "parent_library":  # peft imports the module, then takes the class that another entry names
        value += ".*"
    module, _, name = value.rpartition(".")
    if (key == "target" and not module) or value.partition(".")[0] in _IMPORTED_BY_ADAPTERS:
        return
    fact = Evidence("entry", f"{key}: {value}", line=line)
    if value in _NAMES_OTHERS or judge(module or "builtins", name).verdict is Verdict.DANGEROUS:
        inspection.report("configuration-code", fact, name=value)
    elif key == "target":
        return
    elif value.partition(".")[0] not in (_FRAMEWORKS | _SKOPS if key == "skops" else _FRAMEWORKS) and "." in value:
        own = line is not None and _OF_A_TRAINING.search(inspection.path) and _OWN_CLASS.fullmatch(value)
        inspection.report("configuration-code", fact, level=Level.NOTE if own else Level.CAREFUL, name=value)


def _report_pipeline(inspection: Inspection, document: dict[str, Any]) -> None:
    """`model_index.json` of diffusers: parts whose first word is a Python file of the repository."""
    for key, value in document.items():
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
            fact = Evidence("entry", f"{key}: {value[0]}")
            beside = {f"{value[0]}.py", f"{key}/{value[0]}.py"} & inspection.surroundings.paths
            if judge(value[0], str(value[1])).verdict is Verdict.DANGEROUS:
                inspection.report("configuration-code", fact, name=f"{value[0]}.{value[1]}")
            elif beside or not _OF_DIFFUSERS.fullmatch(value[0]):
                inspection.report("custom-pipeline", fact, name=key)


def _report_modules(inspection: Inspection, document: list[Any]) -> None:
    """`modules.json` of sentence-transformers: each entry names a class that is imported."""
    for entry in document:
        target = entry.get("type") if isinstance(entry, dict) and {"idx", "path"} & entry.keys() else None
        if isinstance(target, str) and not target.startswith("sentence_transformers."):
            inspection.report("custom-pipeline", Evidence("entry", f"type: {target}"), name=target)


def _report_templates(inspection: Inspection, value: object) -> None:
    """One template, or a list of named ones (transformers)."""
    named = [("chat_template", value)] if isinstance(value, str) else []
    if isinstance(value, dict):
        named = [(str(name), source) for name, source in value.items() if isinstance(source, str)]
    if isinstance(value, list):
        named = [
            (str(entry.get("name", "")), entry["template"])
            for entry in value
            if isinstance(entry, dict) and isinstance(entry.get("template"), str)
        ]
    for name, source in named:
        templates.report(inspection, source, name)


def _tag_level(tag: str) -> Level:
    """What a tag of PyYAML leads to: plain values, a class that pickles may name as well, or something else."""
    if _PLAIN_TAG.fullmatch(tag):
        return Level.NONE
    named = _NAMING_TAG.match(tag)
    if named is None or not named["name"]:
        return Level.HIGH
    module, _, name = named["name"].rpartition(".")
    verdict = judge(module or "builtins", name).verdict
    if verdict in {Verdict.HARMLESS, Verdict.FRAMEWORK}:
        return Level.NOTE
    calls = "object" in named["tag"]
    return Level.CAREFUL if verdict is Verdict.UNKNOWN and module and _is_class(name, calls=calls) else Level.HIGH


def _is_class(name: str, *, calls: bool) -> bool:
    """Whether a name is written like a class; what is only named, and not called, may be any."""
    return not calls or name[:1].isupper()


def _scan_lines(inspection: Inspection, source: str) -> None:
    newlines = newline_offsets(source)
    for match in (*_TAG.finditer(source), *_TAG_NAMES.finditer(source)):
        inspection.budget.check_time()
        fact = Evidence("entry", match[0], line=line_at(newlines, match.start()))
        level = _tag_level(match[0])
        if match[0].startswith("!!python/name:") and inspection.path.endswith("mkdocs.yml"):
            level = min(level, Level.NOTE, key=LEVEL_ORDER.index)  # its manual has people name functions so
        if level is not Level.NONE:
            inspection.report("configuration-code", fact, level=level, name=match[0])
    for match in _HYPER_TAG.finditer(source):
        module, _, name = match[1].rpartition(".")
        if judge(module or "builtins", name).verdict is Verdict.DANGEROUS:
            fact = Evidence("entry", match[0], line=line_at(newlines, match.start()))
            inspection.report("configuration-code", fact, name=match[0])
    for match in _TARGET.finditer(source):
        inspection.budget.check_time()
        _report_target(inspection, match[1], match[2], line_at(newlines, match.start()))
