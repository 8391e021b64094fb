"""What an import costs, and the reading of workbooks."""
