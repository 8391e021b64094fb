"""The job page: what goes on, and below it the conversation, the team, the papers and their other places."""
