import json
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approval import (
    MOST_TICKS,
    REASONS,
    Answers,
    Ladder,
    StepKind,
    approve,
    from_json,
    ladder,
    missing,
    to_json,
    void_reason,
)
from core.errors import UserFacingError
from core.file_risks import RUN_INSTRUCTION_RULES
from core.findings import Ability, FileState, Level, in_words, rules
from core.report import Report
from core.repository import RepositoryFile, RepositoryId, RepositoryKind, Snapshot
from core.text import render
from tests.core.approval_reports import (
    NOW,
    FileSpec,
    answers_to,
    approval_of,
    found,
    make_report,
    tells_to_run,
)

CONFIG = FileSpec("config.json", b"{}")
WEIGHTS = FileSpec("model.safetensors", b"weights", lfs=True)
PICKLE = FileSpec("model.pkl", b"pickle", Ability.CODE_ON_LOAD, Level.CAREFUL)
PROGRAM = FileSpec("start.bat", b"echo hello", Ability.PROGRAM, Level.HIGH)
SCRIPT = FileSpec("loader.py", b"print()", Ability.SCRIPT)
KNOWN = FileSpec("bad.bin", b"bad", level=Level.KNOWN_BAD)
UNREAD = FileSpec("odd.bin", b"?", state=FileState.NOT_CHECKED)


def kinds(rungs: Ladder) -> list[StepKind]:
    return [step.kind for step in rungs.steps]


def sentences(rungs: Ladder, answers: Answers = Answers()) -> list[str]:  # noqa: B008  frozen
    return [render(message) for message in missing(rungs, answers)]


def offered(report: Report, path: str, chosen: tuple[str, ...] = (), analyst: bool = False) -> tuple[bool, str | None]:
    file = next(file for file in ladder(report, chosen, analyst).files if file.path == path)
    return file.selected, file.refused.id if file.refused else None


def test_nothing_found_needs_one_button() -> None:
    rungs = ladder(make_report(CONFIG, WEIGHTS), ["config.json"])
    assert rungs.steps == ()
    assert rungs.level is Level.NONE
    assert not rungs.cancel_is_default
    assert missing(rungs, Answers()) == ()


def test_good_to_know_needs_no_tick() -> None:
    rungs = ladder(make_report(replace(CONFIG, level=Level.NOTE)), ["config.json"])
    assert rungs.steps == ()
    assert offered(make_report(replace(CONFIG, level=Level.NOTE)), "config.json") == (True, None)


def test_nothing_chosen_is_said() -> None:
    assert sentences(ladder(make_report(CONFIG), [])) == ["Choose at least one file."]


def test_each_finding_is_ticked() -> None:
    report = make_report(CONFIG, PICKLE)
    rungs = ladder(report, ["config.json", "model.pkl"])
    assert [render(step.prompt) for step in rungs.steps] == ["I have read: careful model.pkl"]
    assert not rungs.cancel_is_default
    assert sentences(rungs) == ["One sentence is not ticked yet."]
    assert sentences(rungs, answers_to(rungs)) == []


def test_more_than_five_findings_share_one_tick() -> None:
    many = [found(Level.CAREFUL, None, f" {number}") for number in range(9)]
    rungs = ladder(make_report(CONFIG, findings=many), ["config.json"])
    assert len(rungs.steps) == MOST_TICKS + 1
    assert render(rungs.steps[-1].prompt) == "I have read the 4 other findings in the list"


def test_the_same_sentence_is_not_asked_twice() -> None:
    twice = [found(Level.CAREFUL, None, " twice"), found(Level.CAREFUL, None, " twice")]
    assert len(ladder(make_report(CONFIG, findings=twice), ["config.json"]).steps) == 1


def test_a_tick_does_not_carry_over_to_other_findings() -> None:
    many = [found(Level.CAREFUL, None, f" {number}") for number in range(9)]
    ticks = answers_to(ladder(make_report(CONFIG, findings=many), ["config.json"]))
    other = ladder(make_report(CONFIG, findings=[*many[:8], found(Level.CAREFUL, None, " new")]), ["config.json"])
    assert sentences(other, ticks) == ["One sentence is not ticked yet."]


def test_files_that_were_not_checked_are_ticked() -> None:
    report = make_report(CONFIG, UNREAD)
    rungs = ladder(report, ["config.json"])
    assert rungs.level is Level.NOT_CHECKED
    assert [render(step.prompt) for step in rungs.steps] == [
        "I know that one file of this repository was not checked completely"
    ]


def test_a_file_without_a_result_was_not_checked() -> None:
    report = replace(make_report(CONFIG, WEIGHTS), files=())
    assert ladder(report, ["config.json"]).level is Level.NOT_CHECKED
    assert offered(report, "config.json") == (False, None)


def test_a_verdict_that_no_finding_explains_is_itself_read() -> None:
    rungs = ladder(make_report(CONFIG, verdict=Level.CAREFUL), ["config.json"])
    assert kinds(rungs) == [StepKind.READ]


@pytest.mark.parametrize("risky", [PICKLE, PROGRAM, SCRIPT, KNOWN, UNREAD])
def test_risky_files_are_not_ticked_by_default(risky: FileSpec) -> None:
    report = make_report(CONFIG, risky)
    assert offered(report, risky.path)[0] is False
    assert offered(report, "config.json")[0] is True


def test_high_risk_asks_for_a_reason_and_the_account_beside_the_look_alike() -> None:
    report = make_report(CONFIG, PROGRAM, original="example/Example-7B")
    rungs = ladder(report, ["config.json"])
    assert rungs.cancel_is_default
    assert kinds(rungs) == [StepKind.READ, StepKind.REASON, StepKind.ACCOUNT]
    account = rungs.steps[-1]
    assert account.expected == "examp1e"
    assert render(account.prompt).endswith("examp1e. It is not example.")
    ticked = Answers(ticked=frozenset({rungs.steps[0].id}), reason="compare", typed={account.id: "example"})
    assert sentences(rungs, ticked) == ["The name you typed is not yet examp1e."]
    assert sentences(rungs, replace(ticked, typed={account.id: " examp1e\n"})) == []


@pytest.mark.parametrize(
    ("name", "original", "expected", "prompt"),
    [
        ("gpt2", None, "gpt2", "approval.step.repository"),
        ("example/a", "example/b", "example", "approval.step.account"),
        ("example/a", None, "example", "approval.step.account"),
        ("example/a", "gpt2", "example", "approval.step.account"),
    ],
)
def test_what_is_typed(name: str, original: str | None, expected: str, prompt: str) -> None:
    report = make_report(CONFIG, name=name, original=original, verdict=Level.HIGH)
    account = ladder(report, ["config.json"]).steps[-1]
    assert (account.expected, account.prompt.id) == (expected, prompt)


def test_only_a_reason_of_the_list_counts() -> None:
    rungs = ladder(make_report(CONFIG, verdict=Level.HIGH), ["config.json"])
    assert sentences(rungs, replace(answers_to(rungs), reason="because")) == ["Choose a reason."]


@pytest.mark.parametrize(
    ("report", "path", "why"),
    [
        (make_report(CONFIG, PROGRAM), "start.bat", "approval.refused.program"),
        (make_report(CONFIG, KNOWN), "bad.bin", "approval.refused.known_bad"),
        (make_report(CONFIG, findings=[found(Level.KNOWN_BAD)]), "config.json", "approval.refused.known_bad"),
        (
            make_report(SCRIPT, findings=[found(Level.KNOWN_BAD, "loader.py")]),
            "loader.py",
            "approval.refused.known_bad",
        ),
        (
            make_report(SCRIPT, findings=[tells_to_run("joint.added-run-instruction", "loader.py")]),
            "loader.py",
            "approval.refused.script",
        ),
        (
            make_report(SCRIPT, findings=[tells_to_run(max(RUN_INSTRUCTION_RULES), "README.md", file="loader.py")]),
            "loader.py",
            "approval.refused.script",
        ),
    ],
)
def test_what_stays_outside(report: Report, path: str, why: str) -> None:
    assert offered(report, path) == (False, why)
    rungs = ladder(report, [path])
    assert missing(rungs, answers_to(rungs))[0].id == why
    with pytest.raises(UserFacingError) as refusal:
        approve(report, [path], answers_to(rungs), NOW)
    assert refusal.value.message_id == "approval.incomplete"
    assert path in refusal.value.do


def test_a_script_that_nobody_is_told_to_run_may_come_in() -> None:
    report = make_report(SCRIPT, findings=[tells_to_run("joint.added-run-instruction", "other.py")])
    assert approval_of(SCRIPT, report=report).files[0].path == "loader.py"


@pytest.mark.parametrize("spec", [PROGRAM, replace(PROGRAM, lfs=True), replace(PROGRAM, level=Level.NONE)])
def test_an_analyst_may_take_one_such_file_and_types_its_digest(spec: FileSpec) -> None:
    report = make_report(CONFIG, spec)
    rungs = ladder(report, ["start.bat"], analyst=True)
    assert rungs.cancel_is_default
    assert kinds(rungs)[-3:] == [StepKind.REASON, StepKind.ACCOUNT, StepKind.DIGEST]
    listed = report.snapshot.files[1]
    assert rungs.steps[-1].expected == (listed.sha256 or listed.git_sha1)[:8]
    wrong = answers_to(rungs)
    wrong.typed[rungs.steps[-1].id] = "00000000"
    assert sentences(rungs, wrong) == [f"The characters you typed are not yet {rungs.steps[-1].expected}."]
    assert approve(report, ["start.bat"], answers_to(rungs), NOW, analyst=True).files[0].path == "start.bat"


def test_an_analyst_takes_such_a_file_alone() -> None:
    report = make_report(CONFIG, PROGRAM)
    both = ("config.json", "start.bat")
    assert offered(report, "start.bat", both, analyst=True)[1] == "approval.refused.alone"
    assert offered(report, "start.bat", (), analyst=True)[1] is None
    with pytest.raises(UserFacingError):
        approve(report, both, answers_to(ladder(report, both, analyst=True)), NOW, analyst=True)


def test_analyst_mode_takes_no_other_rung_away() -> None:
    report = make_report(CONFIG, PICKLE, PROGRAM)
    assert ladder(report, ["model.pkl"]) == replace(
        ladder(report, ["model.pkl"], analyst=True), files=ladder(report, ["model.pkl"]).files
    )


def test_an_unknown_path_is_named() -> None:
    with pytest.raises(UserFacingError, match=r"no file named nothing\.bin"):
        ladder(make_report(CONFIG), ["nothing.bin"])


def test_an_approval_holds_exactly_what_was_chosen() -> None:
    report = make_report(CONFIG, WEIGHTS, PICKLE)
    approval = approval_of(CONFIG, WEIGHTS, report=report)
    assert [file.path for file in approval.files] == ["config.json", "model.safetensors"]
    assert approval.level is Level.CAREFUL
    assert approval.findings == ("careful model.pkl",)
    assert approval.reason == ""
    assert (approval.report_id, approval.approved_at) == (report.id, NOW)


def test_an_approval_remembers_the_reason_and_what_was_good_to_know() -> None:
    notes = [found(Level.NOTE, "config.json"), found(Level.NOTE, "model.pkl"), found(Level.NOTE)]
    report = make_report(CONFIG, PICKLE, findings=notes, verdict=Level.HIGH)
    approval = approval_of(CONFIG, report=report)
    assert approval.reason == "study"
    assert approval.findings == ("note config.json", "note ", "careful model.pkl")


# Properties

levels = st.sampled_from(list(Level))
specs = st.builds(
    FileSpec,
    path=st.sampled_from(["a.bin", "b.py", "c.exe", "d.pkl"]),
    ability=st.sampled_from(list(Ability)),
    level=levels,
    state=st.sampled_from(list(FileState)),
)
reports = st.builds(
    lambda files, verdict, original: make_report(*files, verdict=verdict, original=original),
    st.lists(specs, min_size=1, max_size=4, unique_by=lambda spec: spec.path),
    levels,
    st.sampled_from([None, "example/Example-7B"]),
)


@given(reports, st.booleans(), st.data())
def test_no_answers_approve_while_a_step_is_missing(report: Report, analyst: bool, data: st.DataObject) -> None:
    paths = data.draw(st.lists(st.sampled_from([file.path for file in report.snapshot.files]), unique=True))
    rungs = ladder(report, paths, analyst)
    ids = [step.id for step in rungs.steps] or ["none"]
    answers = Answers(
        ticked=frozenset(data.draw(st.lists(st.sampled_from(ids)))),
        reason=data.draw(st.sampled_from(["", "nonsense", *REASONS])),
        typed=data.draw(
            st.dictionaries(st.sampled_from(ids), st.sampled_from([s.expected for s in rungs.steps] + ["x"]))
        ),
    )
    complete = bool(paths) and all(
        {
            StepKind.READ: step.id in answers.ticked,
            StepKind.REASON: answers.reason in REASONS,
            StepKind.ACCOUNT: answers.typed.get(step.id) == step.expected,
            StepKind.DIGEST: answers.typed.get(step.id) == step.expected,
        }[step.kind]
        for step in rungs.steps
    )
    refused = any(file.refused for file in rungs.files if file.path in paths)
    assert (missing(rungs, answers) == ()) == (complete and not refused)
    if missing(rungs, answers):
        with pytest.raises(UserFacingError):
            approve(report, paths, answers, NOW, analyst)
    else:
        assert {file.path for file in approve(report, paths, answers, NOW, analyst).files} == set(paths)


@given(reports)
def test_each_step_of_a_complete_ladder_is_needed(report: Report) -> None:
    path = report.snapshot.files[0].path
    rungs = ladder(report, [path], analyst=True)
    assert len({step.id for step in rungs.steps}) == len(rungs.steps)
    done = answers_to(rungs)
    assert missing(rungs, done) == ()
    for step in rungs.steps:
        typed = {key: value for key, value in done.typed.items() if key != step.id}
        reason = "" if step.kind is StepKind.REASON else done.reason
        assert missing(rungs, Answers(done.ticked - {step.id}, reason, typed))


def changed(what: str) -> Callable[[Report], Snapshot | Report]:
    def change(report: Report) -> Snapshot | Report:
        snapshot = report.snapshot
        first, second = snapshot.files
        digit = "0" if first.git_sha1[0] != "0" else "1"
        files: dict[str, tuple[RepositoryFile, ...]] = {
            "file_gone": (second,),
            "sha1": (replace(first, git_sha1=digit + first.git_sha1[1:]), second),
            "sha256": (first, replace(second, sha256=None)),
            "size": (replace(first, size=first.size + 1), second),
            "name": (replace(first, path="Config.json"), second),
        }
        if what in files:
            return replace(snapshot, files=files[what])
        other: dict[str, Snapshot | Report] = {
            "commit": replace(snapshot, commit=snapshot.commit[:7] + "0" * 33),
            "endpoint": replace(snapshot, endpoint="https://mirror.example"),
            "repository": replace(snapshot, repository=RepositoryId(RepositoryKind.MODEL, "example/other")),
            "kind": replace(snapshot, repository=replace(snapshot.repository, kind=RepositoryKind.DATASET)),
            "report": replace(report, id="report-2"),
            "report_of_another_commit": replace(report, snapshot=replace(snapshot, commit="0" * 40)),
        }
        return other[what]

    return change


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("file_gone", "no longer lists config.json"),
        ("name", "no longer lists config.json"),
        ("sha1", "config.json is no longer the file you approved"),
        ("sha256", "model.safetensors is no longer the file you approved"),
        ("size", "config.json is no longer the file you approved"),
        ("commit", "The repository changed"),
        ("endpoint", "this is https://mirror.example"),
        ("repository", "this is example/other"),
        ("kind", "You approved a model, but this is a dataset"),
        ("report", "The check now has another result"),
        ("report_of_another_commit", "The repository changed"),
    ],
)
def test_an_approval_is_void_when_anything_changes(what: str, why: str) -> None:
    report = make_report(CONFIG, WEIGHTS)
    message = void_reason(approval_of(CONFIG, WEIGHTS, report=report), changed(what)(report))
    assert message is not None
    assert why in render(message)


def test_an_approval_holds_for_the_same_report_and_snapshot() -> None:
    report = make_report(CONFIG, WEIGHTS)
    approval = approval_of(WEIGHTS, report=report)
    assert void_reason(approval, report) is None
    assert void_reason(approval, report.snapshot) is None


@given(st.integers(0, 39), st.sampled_from("0123456789abcdef"))
def test_any_changed_digit_of_a_hash_voids(place: int, digit: str) -> None:
    report = make_report(CONFIG)
    approval = approval_of(CONFIG, report=report)
    file = report.snapshot.files[0]
    other = file.git_sha1[:place] + digit + file.git_sha1[place + 1 :]
    snapshot = replace(report.snapshot, files=(replace(file, git_sha1=other),))
    assert (void_reason(approval, snapshot) is None) == (other == file.git_sha1)


# The file

paths = st.text(min_size=1).filter(bool)


@given(st.lists(paths, min_size=1, max_size=4, unique=True))
def test_an_approval_survives_its_file(names: list[str]) -> None:
    approval = approval_of(*(FileSpec(name, name.encode("utf-8", "surrogatepass"), lfs=True) for name in names))
    assert from_json(json.loads(json.dumps(to_json(approval)))) == approval


def edit(**changes: object) -> Callable[[dict[str, object]], object]:
    return lambda data: {**data, **changes}


def edit_file(**changes: object) -> Callable[[dict[str, object]], object]:
    def change(data: dict[str, object]) -> object:
        files = data["files"]
        assert isinstance(files, list)
        return {**data, "files": [{**files[0], **changes}]}

    return change


def without(key: str) -> Callable[[dict[str, object]], object]:
    return lambda data: {name: value for name, value in data.items() if name != key}


@pytest.mark.parametrize(
    "damage",
    [
        lambda _data: None,
        lambda _data: [],
        edit(schema="sallyport.approval/2"),
        edit(extra=1),
        without("commit"),
        edit(files=[]),
        edit(files={}),
        edit(files=["config.json"]),
        edit(level="fine"),
        edit(level=["high"]),
        edit(commit="main"),
        edit(commit="Z" * 40),
        edit(reason="nonsense"),
        edit(endpoint=1),
        edit(approved_at="yesterday"),
        edit(approved_at=5),
        edit(approved_at="2026-11-20T09:30:00"),
        edit(repository={"kind": "model", "name": "a/b", "token": "x"}),
        edit_file(size=True),
        edit_file(size=-1),
        edit_file(size="1"),
        edit_file(path=""),
        edit_file(sha256="abc"),
        edit_file(sha256=5),
        lambda data: {**data, "files": [data["files"][0], data["files"][0]]},
    ],
)
def test_a_damaged_approval_counts_for_nothing(damage: Callable[[dict[str, object]], object]) -> None:
    data = to_json(approval_of(CONFIG))
    with pytest.raises(UserFacingError) as refusal:
        from_json(damage(data))
    assert refusal.value.message_id == "approval.not_understood"
    assert "not an approval that Sallyport wrote" in refusal.value.what


# Texts


def test_every_sentence_exists() -> None:
    report = make_report(CONFIG, PICKLE, PROGRAM, KNOWN, UNREAD, original="example/Example-7B")
    every = [file.path for file in report.snapshot.files]
    for count in range(len(every) + 1):
        for chosen in combinations(every, count):
            for analyst in (False, True):
                rungs = ladder(report, chosen, analyst)
                prompts = [step.prompt for step in rungs.steps]
                refusals = [file.refused for file in rungs.files if file.refused]
                assert all(render(message) for message in (*prompts, *refusals, *missing(rungs, Answers())))


def test_the_rules_about_running_a_file_are_known_by_name() -> None:
    named = {rule for rule in rules() if "run-instruction" in rule or "runs-file" in rule}
    assert named <= RUN_INSTRUCTION_RULES


def test_names_in_prompts_are_made_harmless() -> None:
    hostile = FileSpec("evil\u202etxt.bin", level=Level.CAREFUL)
    rungs = ladder(make_report(hostile), [hostile.path])
    assert "\u202e" not in render(rungs.steps[0].prompt)
    assert "U+202E" in in_words(make_report(hostile).findings[0]).title
