"""The log of a run in CI is cut in the middle: what stands in it says which test failed, and why."""

from types import SimpleNamespace

from tests import ci_output


def test_of_what_was_captured_the_end_is_kept():
    text = "\n".join(f"{number} {'x' * 1000}" for number in range(500))
    kept = ci_output.ending(text).splitlines()
    assert kept[0] == "… 480 lines before"
    assert [line.split()[0] for line in kept[1:]] == [str(number) for number in range(480, 500)]
    assert max(map(len, kept)) < 310
    assert ci_output.ending("one\ntwo\n") == "one\ntwo\n"


def test_only_what_did_not_pass_is_printed(monkeypatch):
    monkeypatch.setattr(ci_output, "IN_CI", True)
    told = [
        ci_output.pytest_report_teststatus(SimpleNamespace(when=when, passed=passed, failed=not passed))
        for when, passed in (("call", True), ("call", False), ("setup", False))
    ]
    assert told == [("passed", "", ""), None, None]
