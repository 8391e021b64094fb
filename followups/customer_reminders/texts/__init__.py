"""The template by which customers are reminded of what was agreed, unless a type has another one."""

from comms.library.packs.pack_entries import TemplatePack
from followups.customer_reminders.texts import dutch, english

SHARED = "follow_up_reminder"
PACK = TemplatePack("follow_up_reminders", {"en": english.ENTRIES, "nl": dutch.ENTRIES})
