"""The gate: whether a message may be sent, and why. `decide` writes its answer down, `preview` only says it."""

from comms.gate.judgement import decide, decide_all, preview, preview_all

__all__ = ["decide", "decide_all", "preview", "preview_all"]
