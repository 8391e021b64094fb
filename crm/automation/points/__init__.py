"""Priority of leads by points, with reasons: counted as things happen to them, shown on their page."""
