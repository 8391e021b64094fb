"""The logic of the drills of several machines; the drills themselves are not part of this suite."""

import smtplib
from collections import Counter

from drills.nodes.company import DrillMember, read_members
from drills.nodes.crowd import count_mails
from drills.nodes.mail_peer import TOKEN, MailPeer
from drills.nodes.parts import LOSSES
from runtime.servers.ports import free_port

FIRST, SECOND = "drill 00000000000000aa", "drill 00000000000000bb"


def test_members_are_read_among_other_output() -> None:
    output = "warning: something\nmember /drill/jobs/7/note/ /drill/messages/write/7/ sessionid=ab; other=c\n"
    member = DrillMember("/drill/jobs/7/note/", "/drill/messages/write/7/", "sessionid=ab; other=c")
    assert read_members(output) == [member]


def test_a_mail_is_delivered_if_it_was_sent_and_taken_once() -> None:
    fates = count_mails([FIRST], {FIRST: "sent"}, Counter({FIRST: 1}))
    assert fates["delivered"] == 1
    assert fates["twice"] == fates["lost"] == 0


def test_a_mail_without_a_row_is_lost() -> None:
    assert count_mails([FIRST, SECOND], {FIRST: "sent"}, Counter({FIRST: 1}))["lost"] == 1


def test_a_mail_that_is_called_sent_and_was_not_taken_is_no_delivery() -> None:
    fates = count_mails([FIRST], {FIRST: "sent"}, Counter())
    assert fates["delivered"] == 0
    assert fates["other"] == 1


def test_an_unclear_mail_is_for_a_person_and_may_have_been_taken() -> None:
    assert count_mails([FIRST], {FIRST: "unknown"}, Counter({FIRST: 1}))["unclear"] == 1


def test_a_mail_taken_twice_counts_whoever_wrote_it() -> None:
    assert count_mails([], {}, Counter({FIRST: 2}))["twice"] == 1


def test_the_mail_peer_knows_a_mail_by_its_token() -> None:
    assert TOKEN.findall(b"Hi\r\n" + FIRST.encode() + b"\r\n--\r\nDrill") == [FIRST.encode()]


def test_every_machine_of_the_test_bed_is_lost_once() -> None:
    assert {"web1", "web2", "work1", "work2", "lb1", "primary", "standby", "quorum"} <= set(LOSSES)


def test_the_mail_peer_counts_a_mail_once_however_often_it_says_its_token() -> None:
    port = free_port()
    peer = MailPeer("127.0.0.1", port)
    peer.start()
    try:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("us@drill.example", ["you@drill.example"], f"Subject: x\n\n{FIRST}\n{FIRST}\n")
    finally:
        peer.stop()
    peer.stop()
    assert peer.taken == {FIRST: 1}
