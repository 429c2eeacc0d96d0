"""The beginning of a new script: a small one that is sound but for where it opens, which its author must say."""

import re

from scripts.script_file import ScriptText

_NAME_LINE = re.compile(r"^name:.*$", re.MULTILINE)
_BLANK = """\
# What opens when, what a page may ask and do: docs/scripts.md. F8 goes to the next thing to be mended.
name: {name}
title: {{id: Skrip baru, en: New script}}
queues: [{queue}]                       # left out: every queue
opens_when: {{reason: {reason}}}        # left out: it opens when no other does
priority: 0                             # the highest of those that fit is opened
pages:
  - name: greeting
    title: {{id: Salam, en: Greeting}}
    say:
      id: "Selamat datang, {{customer_name}}. Dengan {{agent_name}}, ada yang bisa saya bantu?"
      en: "Welcome, {{customer_name}}. My name is {{agent_name}}; how can I help?"
    answers:
      - name: question
        label: {{id: Ada pertanyaan, en: Has a question}}
        next: goodbye
      - name: something_else
        label: {{id: Hal lain, en: Something else}}
        next: other
  - name: other
    title: {{id: Hal lain, en: Something else}}
    say:
      id: "Boleh diceritakan sedikit?"
      en: "Could you tell me a little about it?"
    ask: {{type: text, at_most: 200}}
    next: goodbye
  - name: goodbye
    title: {{id: Penutup, en: Closing}}
    say:
      id: "Terima kasih sudah menelepon, {{customer_name}}."
      en: "Thank you for calling, {{customer_name}}."
    dispositions: [{disposition}]
"""


def new_script(name: str, queue: str, reason: str, disposition: str) -> str:
    """The text of a new script for this queue, opened for callers with this reason."""
    return _BLANK.format(name=name, queue=queue, reason=reason, disposition=disposition)


def copied_script(text: ScriptText, name: str) -> str:
    """The text of a script under another name."""
    return _NAME_LINE.sub(f"name: {name}", text.text, count=1)
