"""Access to the portal: who the viewer is, how they were identified, and what they may see."""
