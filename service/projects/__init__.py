"""Projects of accepted jobs: their list and board, their pages, and how they are set up."""
