"""docs/complaints.md names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]{1,80}\.py)::(test_\w{1,120})`")


def test_each_complaint_has_its_test() -> None:
    rows = [line for line in (ROOT / "docs/complaints.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 30
    for row in rows:
        [(path, name)] = NAMED.findall(row)
        assert f"\ndef {name}(" in (ROOT / path).read_text(), row
