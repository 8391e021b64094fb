"""The texts of appointments a tenant starts with: one for each sort of appointment, and one that all may share."""

from comms.appointments.texts import dutch, english
from comms.library.packs.shape import TemplatePack

PACK = TemplatePack("appointments", {"en": english.ENTRIES, "nl": dutch.ENTRIES})
