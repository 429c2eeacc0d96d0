"""What something of the policy is called, by language."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from routing.needs_form import FORM

_Words = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Label(BaseModel):
    """What a queue or a site is called, by language."""

    model_config = FORM

    id: _Words
    en: _Words

    def in_language(self, language: str) -> str:
        """The name as people of this language read it."""
        return self.id if language == "id" else self.en
