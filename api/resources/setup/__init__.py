"""What a token is good for, and the names of the settings that bodies take."""
