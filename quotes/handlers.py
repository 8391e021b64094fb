"""Connect quotes to events and due work."""

from crm.platform.events.events import on
from crm.platform.work import due_io
from crm.platform.work.due import handler
from quotes.figures.said_price import note_said_price
from quotes.lost_gaps import note_lost_gaps
from quotes.models import Quote
from quotes.models.contract_review import REVIEW_DUE, ContractReview
from quotes.models.quote import EXPIRE
from quotes.models.quote_approval import APPROVAL_DUE, QuoteApproval
from quotes.notices import tell_approvers, tell_asker, tell_owner, tell_owner_of_review, tell_reviewers
from quotes.paper.sealing import SEAL, schedule_seals, seal_acceptance
from quotes.prices.importing import runs  # noqa: F401  registers the kind of run
from quotes.sending.messages import say_sorry, send_decisions

# Due work: the last day of a quote is over, and nobody has decided about an approval or a contract in time.
handler(EXPIRE)(Quote.expire_all)
handler(APPROVAL_DUE)(QuoteApproval.mark_overdue)
handler(REVIEW_DUE)(ContractReview.mark_overdue)

# Events of which the customer is told.
on("quote.declined")(say_sorry)
on("quote.contract_approved", "quote.contract_returned")(send_decisions)

# How far off the price of a lost lead was, is another price next to its quote.
on("job.lost")(note_lost_gaps)

# Events of which members are told.
on("quote.approval_requested", "quote.approval_overdue")(tell_approvers)
on("quote.approved", "quote.approval_refused")(tell_asker)
on("quote.review_requested", "quote.review_overdue")(tell_reviewers)
on("quote.contract_approved", "quote.contract_returned")(tell_owner_of_review)
on("quote.accepted", "quote.declined", "quote.asked", "quote.change_requested", "quote.viewed", "quote.forwarded")(
    tell_owner
)

# What was accepted was said, and what was returned was not.
on("quote.accepted", "quote.contract_returned")(note_said_price)

# What was accepted becomes a sealed PDF.
on("quote.accepted")(schedule_seals)
due_io.handler(SEAL)(seal_acceptance)
