"""Raw mail, read and judged: bytes to a `Mail`, a `Mail` to a `Verdict`. Pure: no models, no database."""
