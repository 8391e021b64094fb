"""The form of our own: its page, its token, and the script that puts it on a website."""
