"""The places somebody has work at: under way, pending and done."""
