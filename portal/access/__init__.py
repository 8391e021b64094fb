"""Getting in: who looks at the portal, how surely we know that it is them, and what they may see."""
