"""Lead mails of portals: parsed line by line, by an example that a member marked."""
