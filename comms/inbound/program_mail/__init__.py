"""Mail that a calendar or a mail program writes for somebody: calendar entries, reactions, recalls."""
