"""The address of the editor with a draft filled in: what the form of a new trigger would send."""

from urllib.parse import urlencode

from crm.automation.definition import Definition, DoStep


def draft_query(name: str, definition: Definition) -> str:
    """Return the query that opens a new trigger with this definition, as `RuleDraft.from_form` reads it.

    For a trigger that is begun by an event and has no conditions. Nothing is saved until a member saves it.
    """
    fields = {
        "name": name,
        "record": definition.record,
        "record_of": definition.record,
        "trigger": definition.trigger,
        "trigger_of": definition.trigger,
        "once": str(definition.limit.once),
        **{f"t-{option}": value for option, value in definition.options.items()},
    }
    for at, step in enumerate(definition.steps):
        fields[f"s{at}"] = "do"
        if isinstance(step, DoStep):
            fields |= {f"s{at}-action": step.action, f"s{at}-of": step.action}
            fields |= {f"s{at}-o-{option}": value for option, value in step.options.items()}
        else:
            fields |= {f"s{at}": "wait", f"s{at}-count": str(step.span.count), f"s{at}-unit": str(step.span.unit)}
    return urlencode(fields)
