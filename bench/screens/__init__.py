"""What pages cost: lists, boards, search, reports, the portal, and their weight in a browser."""
