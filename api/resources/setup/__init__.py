"""The token of a request, and the names of the settings that bodies take."""
