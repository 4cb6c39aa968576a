"""A check looks through a keyhole: ranges and small text files, never whole weights."""

import pytest

from core.application import Application, OriginalChoice
from core.progress import CancelToken, ignore_progress

pytestmark = pytest.mark.e2e


def test_a_check_of_a_gigabyte_reads_less_than_a_five_hundredth() -> None:
    with Application(demo=True) as application:
        hub = application.demo_hub
        assert hub is not None
        reference = application.parse("lumora/Lighthouse-1B")
        report = application.check(reference, OriginalChoice(), ignore_progress, CancelToken())
        assert report.snapshot.total_size > 1_000_000_000
        assert report.verdict.files_checked == report.verdict.files_listed
        assert 0 < hub.bytes_sent() < report.snapshot.total_size * 0.002
        whole = [row for row in hub.log if row.origin == "cdn" and not row.range]
        assert whole == []
