"""From what the stages found to the sentence a person reads first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.comparison.card import parse_card
from core.comparison.results import (
    Addition,
    AdditionKind,
    Card,
    CardComparison,
    Comparison,
    FilePair,
    FileRelation,
    Inventory,
)
from core.findings import Ability, FileResult, FileState, Finding, Level, finding
from core.identity.results import Confidence, Identity, Original, Relation
from core.joint_findings import joint_findings
from core.report import Verdict, report_id
from core.repository import (
    Account,
    EngineResult,
    EngineState,
    RepositoryFile,
    RepositoryId,
    RepositoryKind,
    Snapshot,
)
from core.text import Message, render
from core.verdict import judge

NOW = datetime(2026, 5, 8, tzinfo=UTC)


def snapshot(name: str, *files: RepositoryFile, account_days: int = 900) -> Snapshot:
    repository = RepositoryId(RepositoryKind.MODEL, name)
    account = Account(repository.owner, is_organization=False, created_at=NOW - timedelta(days=account_days))
    return Snapshot(repository, repository, "0" * 40, None, "https://huggingface.co", files, "", NOW, account=account)


def listed(path: str, *engines: EngineResult) -> RepositoryFile:
    return RepositoryFile(path, 10, "1" * 40, None, engines)


def result(path: str, ability: Ability = Ability.DATA, state: FileState = FileState.CHECKED) -> FileResult:
    return FileResult(path, "text", ability, state)


ORIGINAL = snapshot("openai/privacy-filter")
IDENTITY = Identity(
    Original(ORIGINAL, None, Confidence.SURE, (Message.of("export.demo"),)), None, Message.of("export.demo")
)
ALONE = Identity(None, None, Message.of("export.demo"))
INCIDENT = (result("loader.py", Ability.SCRIPT), result("start.bat", Ability.PROGRAM), result("model.safetensors"))


def comparison(*commands: Addition, extra: tuple[str, ...] = (), similarity: float = 0.97) -> Comparison:
    pairs = (
        FilePair(FileRelation.IDENTICAL, "model.safetensors", "model.safetensors", 10, 10),
        *(FilePair(FileRelation.EXTRA, path, None, 10, None) for path in extra),
    )
    return Comparison(Card(()), Card(()), CardComparison((), similarity, commands), Inventory(pairs, 1, 1))


def command(value: str, *runs: str) -> Addition:
    return Addition(AdditionKind.COMMAND, value, runs)


def found(
    relation: Relation, compared: Comparison, files: tuple[FileResult, ...]
) -> dict[tuple[str, str | None], Level]:
    here = snapshot("Open-OSS/privacy-filter", *(listed(file.path) for file in files))
    return {(one.rule, one.path): one.level for one in joint_findings(here, ORIGINAL, relation, compared, files)}


def verdict(
    compared: Comparison,
    files: tuple[FileResult, ...],
    findings: tuple[Finding, ...],
    identity: Identity = IDENTITY,
    account_days: int = 900,
) -> Verdict:
    here = snapshot("Open-OSS/privacy-filter", account_days=account_days)
    relation = Relation.IDENTICAL_WEIGHTS if identity.original else None
    return judge(here, identity, relation, compared, files, findings)


def test_identical_weights_plus_a_program_plus_the_instruction_to_run_it() -> None:
    compared = comparison(
        command("start.bat", "start.bat"), command("python loader.py", "loader.py"), extra=("loader.py", "start.bat")
    )
    assert found(Relation.IDENTICAL_WEIGHTS, compared, INCIDENT) == {
        ("joint.extra-script", "loader.py"): Level.CAREFUL,
        ("joint.extra-program", "start.bat"): Level.HIGH,
        ("joint.added-run-instruction", "start.bat"): Level.HIGH,
        ("joint.added-run-instruction", "loader.py"): Level.HIGH,
        ("joint.copied-card", None): Level.CAREFUL,
        ("joint.identical-weights", None): Level.NOTE,
    }


def test_an_honest_fine_tune_may_bring_its_own_script_and_say_how_to_run_it() -> None:
    compared = comparison(command("python train.py", "train.py"), extra=("train.py",), similarity=0.3)
    levels = found(Relation.DERIVED, compared, (result("train.py", Ability.SCRIPT),))
    assert set(levels.values()) <= {Level.NOTE, Level.CAREFUL}


def test_a_fine_tune_that_tells_people_to_run_a_windows_program_is_high_risk_all_the_same() -> None:
    compared = comparison(command("setup.exe", "setup.exe"), extra=("setup.exe",), similarity=0.1)
    levels = found(Relation.DERIVED, compared, (result("setup.exe", Ability.PROGRAM),))
    assert levels["joint.added-run-instruction", "setup.exe"] is Level.HIGH


def test_an_instruction_for_a_file_that_the_original_has_too_is_not_held_against_the_copy() -> None:
    compared = comparison(command("python model.safetensors", "model.safetensors"), similarity=0.1)
    levels = found(Relation.IDENTICAL_WEIGHTS, compared, (result("model.safetensors"),))
    assert not any(rule == "joint.added-run-instruction" for rule, _ in levels)


@pytest.mark.parametrize(
    ("engine", "raw", "state", "expected"),
    [
        ("avScan", "unsafe", EngineState.FINDING, Level.KNOWN_BAD),
        ("virusTotalScan", "suspicious", EngineState.FINDING, Level.CAREFUL),
        ("pickleImportScan", "unsafe", EngineState.FINDING, Level.CAREFUL),
        ("avScan", "unscanned", EngineState.WAITING, None),
        ("avScan", "error", EngineState.NOT_READ, None),
    ],
)
def test_known_bad_needs_an_antivirus_engine_that_says_so(
    engine: str, raw: str, state: EngineState, expected: Level | None
) -> None:
    here = snapshot("a/b", listed("x.bin", EngineResult(engine, state, raw)))
    levels = [one.level for one in joint_findings(here, None, None, Comparison(Card(())), ())]
    assert levels == ([expected] if expected else [])


def test_the_answer_comes_in_the_order_in_which_a_person_understands_it() -> None:
    compared = comparison(
        command("start.bat", "start.bat"), command("python loader.py", "loader.py"), extra=("loader.py", "start.bat")
    )
    judged = verdict(compared, INCIDENT, (finding("joint.extra-program", "start.bat", original="x"),), account_days=1)
    assert judged.level is Level.HIGH
    assert [render(reason) for reason in judged.reasons] == [
        "It copies 97 % of the card of openai/privacy-filter, but comes from a different account.",
        "It adds 2 programs that the original does not have: loader.py, start.bat.",
        "It tells you to run loader.py, start.bat. The original never does.",
        "The weights are identical to those of openai/privacy-filter, so what matters is what was added.",
        "The account Open-OSS is one day old.",
    ]


def test_without_a_comparison_the_worst_titles_are_the_reasons() -> None:
    findings = tuple(finding("joint.extra-program", f"{n}.exe", original="x") for n in range(5))
    judged = verdict(Comparison(Card(())), (result("0.exe", Ability.PROGRAM),), findings, ALONE)
    said = [render(reason) for reason in judged.reasons]
    assert len(said) == 4
    assert said[0].startswith("0.exe is a program")
    assert said[-1] == "And 2 more of this kind."


def test_a_file_that_was_not_read_is_counted_in_the_first_sentence() -> None:
    files = (result("a"), result("b"), result("c", state=FileState.NOT_CHECKED))
    judged = verdict(Comparison(Card(())), files, (), ALONE)
    assert judged.level is Level.NOT_CHECKED
    assert render(judged.headline) == "No known risks found in 2 of 3 files; 1 not checked"
    assert "not a guarantee" in render(judged.reasons[0])


def test_nothing_found_is_said_with_its_limits() -> None:
    judged = verdict(Comparison(Card(())), (result("a"),), (), ALONE)
    assert judged.level is Level.NONE
    assert render(judged.headline) == "No known risks found in 1 of 1 files"
    assert "not a guarantee" in render(judged.reasons[0])


def test_the_report_id_follows_what_was_found_and_not_the_clock() -> None:
    here = snapshot("a/b", listed("x"))
    calm = Verdict(Level.NONE, Message.of("verdict.none"), (), 1, 1)
    first = report_id(here, (), calm)
    assert report_id(replace(here, retrieved_at=NOW + timedelta(days=9)), (), calm) == first
    assert report_id(replace(here, commit="1" * 40), (), calm) != first
    assert report_id(here, (finding("joint.extra-program", "x", original="y"),), calm) != first
    assert report_id(replace(here, files=(listed("y"),)), (), calm) != first


def test_an_installer_that_the_card_has_installed_is_a_program_on_any_system() -> None:
    app = replace(result("app.apk", Ability.SCRIPT), kind="android_package")
    compared = Comparison(parse_card("# App\n\nInstall `app.apk` on your phone.\n"))
    here = snapshot("copier/model", listed("app.apk"))
    (found,) = joint_findings(here, None, None, compared, (app,))
    assert (found.rule, found.path, found.level) == ("joint.run-instruction", "app.apk", Level.HIGH)


@pytest.mark.parametrize(
    ("credited", "similarity", "state", "level"),
    [
        (True, 0.1, FileState.CHECKED, Level.CAREFUL),
        (False, 0.1, FileState.CHECKED, Level.HIGH),
        (True, 0.9, FileState.CHECKED, Level.HIGH),
        (True, 0.1, FileState.NOT_CHECKED, Level.HIGH),
    ],
)
def test_who_says_whose_model_it_is_may_tell_how_to_use_it(
    credited: bool, similarity: float, state: FileState, level: Level
) -> None:
    compared = comparison(command("python serve.py", "serve.py"), extra=("serve.py",), similarity=similarity)
    bases = (ORIGINAL.repository.name,) if credited else ()
    here = replace(snapshot("server/model", listed("serve.py")), base_models=bases)
    files = (result("serve.py", Ability.SCRIPT, state),)
    levels = {
        one.rule: one.level for one in joint_findings(here, ORIGINAL, Relation.IDENTICAL_WEIGHTS, compared, files)
    }
    assert levels["joint.added-run-instruction"] is level
