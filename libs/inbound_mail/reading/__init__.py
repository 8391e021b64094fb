"""Bytes to a `Mail`, as the real world writes them: MIME, charsets, addresses, dates, attachments, within limits."""
