"""Go on writing by another channel: what was typed and the files move along."""

from django.db import transaction

from comms.composer.composer import Composer
from comms.models import Draft
from comms.models.draft import joined


@transaction.atomic
def change_channel(composer: Composer, medium: str) -> None:
    """Move words and files to the draft of another way, below what was begun there. Unknown ways change nothing."""
    way = next((way for way in composer.ways if way.medium == medium), composer.way)
    if way == composer.way:
        return
    composer.keep()
    text = composer.written.text
    draft = Draft.at(composer.draft_key).first()
    if draft and text:
        draft.text = draft.preset = ""
        draft.save(update_fields=["text", "preset"])
    composer.way = way
    composer.written = composer.kept_written()
    composer.written.text = joined(composer.written.text, text) if composer.written.text else text
    composer.written.is_typed = composer.written.is_typed or bool(text)
    composer.keep()
    if draft and way.takes_files and draft.files.exists():
        draft.files.update(draft=composer.draft)
