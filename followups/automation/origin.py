"""The origin of follow-ups that rules planned, "rule:run:step", and the name of the action that plans them."""

PLAN_NAME = "followup.plan"
ORIGIN = "rule:"
