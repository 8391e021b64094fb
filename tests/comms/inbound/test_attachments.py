"""The files of a mail are kept in their order, however many there are, with the same few statements."""

from email.message import EmailMessage

from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.inbound import inbound_storage
from comms.inbound.mail.receive_mail import receive_mail
from comms.models import Attachment, Inbound
from crm.platform.files import stored_files
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.mails import CORA, SUPPORT


def with_files(count: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = CORA, SUPPORT, f"<files{count}@home.example>"
    mail.set_content("See the files")
    for number in range(count):
        mail.add_attachment(b"%d" % number, maintype="text", subtype="plain", filename=f"{number}.txt")
    return mail.as_bytes()


def test_many_files_of_a_mail_take_no_more_statements_than_few(cast: Cast, opened: Opened) -> None:
    statements = []
    opened(SUPPORT)
    with use_tenant(cast.house.tenant):
        for count in (2, 2, 60):
            raw = with_files(count)
            raw = raw.replace(b"files2@", b"files1@") if not statements else raw
            inbound, _new = inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=None, provider="test")
            with CaptureQueriesContext(connection) as queries:
                message = receive_mail(raw, inbound).message
            statements.append(len(queries))
        assert statements[2] == statements[1]
        kept = list(Attachment.objects.filter(message=message).select_related("file").order_by("position"))
        assert [(each.name, each.media_type) for each in kept] == [(f"{n}.txt", "text/plain") for n in range(60)]
        assert len({each.uid for each in kept} | {each.file.uid for each in kept}) == 120
        with stored_files.open_file(kept[59].file) as file:
            assert file.read().strip() == b"59"


PICTURE = b"\x89PNG\r\n\x1a\n"
QUOTING = """<p>See the crack: <img src="cid:8F3C@phone"></p>
<div class="gmail_signature"><img src="cid:logo@firm"></div>
<blockquote type="cite">You wrote <img src="cid:ours@brand"></blockquote>"""


def test_a_photo_within_their_own_words_is_a_file_of_theirs(cast: Cast, opened: Opened) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = CORA, SUPPORT, "<photo@home.example>"
    mail.set_content("See the crack")
    mail.add_alternative(QUOTING, subtype="html")
    for name in ("8F3C@phone", "logo@firm", "ours@brand"):
        mail.get_payload()[1].add_related(PICTURE, "image", "png", cid=f"<{name}>")  # type: ignore[union-attr]
    opened(SUPPORT)
    with use_tenant(cast.house.tenant):
        inbound, _new = inbound_storage.keep(mail.as_bytes(), kind=Inbound.Kind.MAIL, channel=None, provider="test")
        message = receive_mail(mail.as_bytes(), inbound).message
        kept = Attachment.objects.filter(message=message).order_by("position")
        assert list(kept.values_list("content_id", "is_inline")) == [
            ("8F3C@phone", False),
            ("logo@firm", True),
            ("ours@brand", True),
        ]
