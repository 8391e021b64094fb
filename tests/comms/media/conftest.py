"""A mail of Cora's about Rita's lead, with files."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from comms.models import Attachment, Message
from crm.platform.files import stored_files
from crm.platform.files.media_types import sniff_media_type
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

Given = Callable[..., Attachment]


def photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (400, 200), (90, 20, 10)).save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def mail(cast: Cast) -> Message:
    """A mail with HTML, on Rita's lead."""
    with use_tenant(cast.house.tenant):
        made: Message = Message.objects.create(
            brand=Brand.objects.get(is_default=True),
            medium="email",
            direction="in",
            state="received",
            person=cast.house.cora,
            job=cast.house.job,
            address="cora@home.example",
            text="The roof leaks.",
            html='<p>The roof <b>leaks</b>.<img src="cid:roof@mail"><img src="https://x.example/a.png"></p><script>x</script>',
        )
    return made


@pytest.fixture
def attached(cast: Cast, mail: Message) -> Given:
    """Attach a file to the mail."""

    def attach(content: bytes, name: str, **fields: Any) -> Attachment:
        with use_tenant(cast.house.tenant):
            file = stored_files.store_file(io.BytesIO(content), name, purpose="attachment", by=None)
            made: Attachment = Attachment.objects.create(
                message=mail,
                file=file,
                name=name,
                media_type=sniff_media_type(content, name, fields.get("declared_type", "")),
                size=len(content),
                **fields,
            )
        return made

    return attach
