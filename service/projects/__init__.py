"""Projects of accepted jobs: list, board, pages and setup."""
