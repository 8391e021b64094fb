"""Calendar providers: CalDAV, Google and Microsoft."""
