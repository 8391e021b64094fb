"""The gate: whether a message may be sent, and why. `decide` writes its answer down, `foresee` only says it."""

from comms.gate.judgement import decide, decide_all, foresee, foresee_all

__all__ = ["decide", "decide_all", "foresee", "foresee_all"]
