"""Public reviews at Google: read, put on the lead they are about, and answered from here."""
