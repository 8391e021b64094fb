"""Video meetings: a member's own link, Google Meet, and Zoom."""
