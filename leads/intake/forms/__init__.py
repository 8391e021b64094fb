"""Our own form: its page, its token, and the script that embeds it in a website."""
