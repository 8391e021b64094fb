"""Default appointment templates of a tenant: one for each kind of appointment, and a shared one."""

from comms.appointments.texts import dutch, english
from comms.library.packs.pack_entries import TemplatePack

PACK = TemplatePack("appointments", {"en": english.ENTRIES, "nl": dutch.ENTRIES})
