"""What Suncoast's customers read of the steps, by the step's name."""

from demo.organization import CustomerTexts

_ENGLISH = {
    "New": ("Your request is in", "Somebody calls you to plan a visit."),
    "Claim filed": ("Your claim", "Your claim is with the insurer. We keep after it for you."),
    "Visit booked": ("Inspection", "Our inspector comes by and looks at the whole roof with you."),
    "Inspected": ("Inspection", "We have been on your roof and write up what we found."),
    "Adjuster met": ("Adjuster’s visit", "We meet the adjuster on your roof, so that nothing is overlooked."),
    "Site walk": ("Site walk", "We walk the building with you."),
    "Estimating": ("Your quote", "We are working out your price."),
    "Scope agreed": ("Your quote", "We agree with the insurer on what is covered."),
    "Take-off": ("Your quote", "We are working out your price."),
    "Quote sent": ("Your quote", "Your quote is with you. Ask us whatever is unclear."),
    "Bid sent": ("Your quote", "Our bid is with you. Ask us whatever is unclear."),
    "Price sent": ("Your price", "The price of the repair is with you."),
    "Plan offered": ("Your plan", "The plan is with you. Ask us whatever is unclear."),
    "Insurer approval": ("Insurer’s approval", "We wait for the insurer’s word, and ask for it every few days."),
    "Signed": ("Agreement", "Thank you. We set everything up for your roof."),
    "Contract": ("Agreement", "The contract is with you to be signed."),
    "Approved": ("Agreement", "Thank you. We plan the repair."),
    "Signed up": ("Agreement", "Thank you. Your plan begins."),
    "Permit": ("City permit", "The city looks at our drawings. It takes about a week."),
    "Materials": ("Materials", "Your shingles are on order."),
    "Scheduled": ("On the calendar", "Your crew is booked. We call you the day before."),
    "On the roof": ("Your new roof", "The crew is on your roof. Expect noise. If it rains we cover up and tell you."),
    "Repaired": ("The repair", "The repair is done. Tell us if anything is not right."),
    "Final inspection": ("City inspection", "The city’s inspector looks at the work. You do not need to be home."),
    "Yearly visit": ("Yearly visit", "We come once a year and look at everything."),
    "Invoiced": ("Final walk and invoice", "We walk around the house with you, and your invoice follows."),
    "Deductible in": ("Final walk and invoice", "We walk around the house with you; your deductible is due."),
    "Paid": ("Warranty", "All is paid, thank you. Your warranty runs from today."),
    "Warranty filed": ("Warranty", "Your warranty is on file with the manufacturer."),
    "Review asked": ("Warranty", "Your warranty runs. Tell us how we did."),
}
TEXTS: CustomerTexts = {step: {"en": text} for step, text in _ENGLISH.items()}
