"""Posts of other programs: their endpoints, proofs and shapes."""
