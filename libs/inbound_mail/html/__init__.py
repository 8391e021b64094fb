"""A mail's HTML, read and shown in bounded time, and safe to look at."""
