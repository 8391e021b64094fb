"""An email's HTML, parsed in bounded time, and sanitized."""
