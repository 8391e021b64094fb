"""Sequences: steps that leads walk through one after another, until something ends it.

Models: Sequence, SequenceVersion, Enrolment (a lead in a sequence), EnrolmentStep (a step that was done for it).
Verbs of a sequence: `Sequence.add`, `edit`, `rename`, `set_rules`, `switch`, `put_ahead_of`, `archive`, `restore`.
Verbs of enrolments: `enrolling.enrol`, `enrol_all` and `preview_entry`; `member_acts.stop_enrolments`,
`pause_enrolment`, `resume_enrolment`, `take_back_end`, `move_to_present_version`.
Reads: `Enrolment.objects.inside()`, `.that_ended()`, `.visible_to(member)`, `.counts_by_position(version_id)`,
`EnrolmentStep.objects.counts_by_position(version_id)`, `.results_by_position(version_id)`; `sequences_by_id()`.
docs/sequences.md describes all of it.
"""
