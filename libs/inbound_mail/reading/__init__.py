"""Parse bytes into a `Mail`, tolerant of malformed input: MIME, charsets, addresses, dates, attachments; bounded."""
