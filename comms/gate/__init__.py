"""The gate: decides whether a message may be sent, and why. `decide` stores the decision, `preview` doesn't."""

from comms.gate.judgement import decide, decide_all, preview, preview_all

__all__ = ["decide", "decide_all", "preview", "preview_all"]
