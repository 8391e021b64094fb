"""Find the conversation of a mail: by what it answers and its subject, apart where it is private."""
