"""The list of quotes, its rows, and the section on the page of a lead."""
