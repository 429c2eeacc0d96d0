"""What keeps a YAML text from fitting any form (core.yaml_form), to be translated; and what to do."""

from agent_desktop.texts import _marked

SAID_OF_FORMS = (
    _marked("There is a sign here that no text may hold."),
    _marked("%(key)s stands here twice, first in line %(line)s."),
    _marked("A reference (*name) is not allowed."),
    _marked("This can't be read as YAML: %(why)s."),
    _marked("%(part)s is missing."),
    _marked("%(part)s is not known here."),
    _marked("%(part)s is too long."),
    _marked("%(part)s is empty."),
    _marked("%(part)s is too small."),
    _marked("%(part)s is too large."),
    _marked("%(part)s does not have the right form."),
    _marked("%(part)s: a language is id or en."),
)
STEPS_OF_FORMS = (
    _marked("Take it out, or type the line again."),
    _marked("Keep one of the two."),
    _marked("Look at indentation, colons, quotes and brackets, here and just above."),
    _marked("Write the words out."),
    _marked("Add it."),
    _marked("Correct its spelling, or take it out."),
    _marked("Write the words."),
    _marked("Write at least one."),
    _marked("Compare it with another one in this file."),
    _marked("Write it so; reports show it."),
    _marked("Use one of the two."),
    _marked("Use one of: %(names)s."),
)
