"""The logic of the drills of several machines; the drills themselves are not part of this suite."""

from drills.nodes.company import read_members


def test_members_are_read_among_other_output() -> None:
    output = "warning: something\nmember /drill/jobs/7/note/ sessionid=ab; other=c\n"
    assert read_members(output) == [("/drill/jobs/7/note/", "sessionid=ab; other=c")]
