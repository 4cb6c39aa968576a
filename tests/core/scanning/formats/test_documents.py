"""Documents, old and new, made to trouble whoever reads them; what they ordinarily look like is in the corpus."""

import struct

import pytest

from benchmarks.corpus.documents import compound, package, relation, word
from core.findings import FileState, Level
from tests.core.scanning.examining import look_at


def levels(path: str, content: bytes) -> dict[str, Level]:
    return {rule: found.level for (rule, _), found in look_at(path, content).findings.items()}


def with_table(content: bytes, *links: int) -> bytes:
    """The compound file with these first entries in its allocation table, which is its last sector."""
    place = len(content) - 512
    return content[:place] + struct.pack(f"<{len(links)}I", *links) + content[place + 4 * len(links) :]


def test_a_chain_of_sectors_that_bites_its_tail_comes_to_an_end() -> None:
    looping = with_table(compound(Workbook=b"\x09\x08\0\0"), *[0] * 9)
    seen = look_at("table.xls", looping)
    assert seen.state in {FileState.CHECKED, FileState.PARTLY_CHECKED}


def test_a_header_that_makes_no_sense_is_said() -> None:
    seen = look_at("letter.doc", compound()[:40] + bytes(500))
    assert seen.state is FileState.PARTLY_CHECKED
    assert levels("letter.doc", compound()[:40] + bytes(500)) == {"scanning.code-program": Level.CAREFUL}


@pytest.mark.parametrize("size", [0, 512, 513, 1000, 5000])
def test_a_document_that_is_cut_short_fails_no_scanner(size: int) -> None:
    seen = look_at("letter.doc", compound(WordDocument=b"x", __Ole10Native=package("a.exe", b"MZ"))[:size])
    assert seen.reason is None or seen.reason.id != "scan.scanner_failed"


def test_what_was_dragged_into_a_document_is_looked_at_by_its_content() -> None:
    pickled = b"cos\nsystem\n(S'echo'\ntR."
    found = levels("letter.doc", compound(__Ole10Native=package("notes.txt", pickled)))
    assert found["scanning.pickle-dangerous"] is Level.HIGH


def test_only_the_kind_of_a_link_decides_whether_office_follows_it_by_itself() -> None:
    there = "https://files.invalid/a"
    assert levels("a.docx", word("", relation("attachedTemplate", there))) == {"scanning.document-remote": Level.HIGH}
    assert levels("a.docx", word("", relation("image", there))) == {}
    assert levels("a.docx", word("", relation("hyperlink", "file://files.invalid/a.png"))) == {
        "scanning.document-remote": Level.CAREFUL
    }


def test_a_picture_on_a_share_is_fetched_by_itself_and_tells_it_the_hash_of_the_login() -> None:
    for there in ("file://files.invalid/a.png", "\\\\files.invalid\\a.png"):
        found = levels("a.docx", word("", relation("image", there)))
        assert found == {"scanning.document-remote": Level.HIGH}


def test_a_long_table_of_negative_numbers_is_read_without_a_word() -> None:
    assert levels("data.csv", b"-1.5,=x,+2,@y|'z'\n" * 50_000) == {}


def test_objects_of_rich_text_are_put_together_from_their_digits() -> None:
    inner = compound(__Ole10Native=package("a.bat", b"x")).hex()
    broken = "\n".join(inner[at : at + 100] for at in range(0, len(inner), 100))
    found = levels("a.rtf", f"{{\\rtf1{{\\object{{\\*\\objdata 0105{broken}}}}}}}".encode())
    assert found["scanning.document-object"] is Level.HIGH
