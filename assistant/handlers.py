"""Subscribers and due work of the assistant."""

from assistant.calls.queue import ASK, FORGET, forget_old
from assistant.calls.run import run_call
from assistant.labels import label_queue, labelling, training
from assistant.scores import forgetting, scoring
from assistant.suggestions import patterns
from assistant.timing import learning
from crm.people.models import profiling_objected
from crm.platform.events.events import on, on_chosen
from crm.platform.work import due_io
from crm.platform.work.due import handler

due_io.handler(ASK)(run_call)
handler(FORGET)(forget_old)

# Labels: after a message arrived, and every night after members reviewed some.
on("ticket.received")(labelling.label_received)
on("message.edited")(labelling.label_again)
on("message.revoked")(labelling.forget_revoked)
handler(label_queue.ASK_LABELS)(label_queue.ask_next)
handler(training.TRAIN, in_slices=True)(training.train_all)

# Scores: every night, and when something happens to a lead.
handler(scoring.SCORE, in_slices=True)(scoring.score_slice)
on_chosen(scoring.wanted_events)(scoring.score_changed)
profiling_objected.connect(forgetting.forget_scores, dispatch_uid="assistant")

# Best hours and likelihoods: every night.
handler(learning.LEARN, in_slices=True)(learning.learn_contacts)

# What members repeat: every night.
handler(patterns.FIND, in_slices=True)(patterns.find_patterns)
