"""What somebody wrote in a mail, apart from what they quote and their signature."""
