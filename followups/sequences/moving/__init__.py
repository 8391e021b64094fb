"""Move those inside an older version of a sequence to its present one."""
