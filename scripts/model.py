"""What a script is made of, checked by pydantic: pages, what to say on them, answers that lead on."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

SLUG = r"^[a-z][a-z0-9_]{0,39}$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Wording(_Part):
    """The same words in each language that Halo speaks; neither may be missing or empty."""

    id: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: str) -> str:
        """The words for this language; English for any other than Indonesian."""
        return self.id if language == "id" else self.en


class Answer(_Part):
    """Something the customer may say; it leads to the page `next`."""

    name: str = Field(pattern=SLUG)
    label: Wording
    next: str = Field(pattern=SLUG)


class ScriptPage(_Part):
    """One page. Without answers it is an end, where `dispositions` name the codes that fit."""

    name: str = Field(pattern=SLUG)
    title: Wording
    say: Wording
    answers: tuple[Answer, ...] = Field((), max_length=9)
    dispositions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _answers_differ(self) -> "ScriptPage":
        names = [answer.name for answer in self.answers]
        if len(names) != len(set(names)):
            raise ValueError(f"page {self.name}: two answers have the same name")
        return self


class Script(_Part):
    """The script of one queue. It begins at its first page."""

    name: str = Field(pattern=SLUG)
    queue: str = Field(pattern=SLUG)
    title: Wording
    pages: tuple[ScriptPage, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _pages_differ(self) -> "Script":
        names = [page.name for page in self.pages]
        if len(names) != len(set(names)):
            raise ValueError("two pages have the same name")
        return self

    @property
    def first(self) -> ScriptPage:
        """Where every conversation begins."""
        return self.pages[0]

    def page(self, name: str) -> ScriptPage | None:
        """The page of this name, or None."""
        return next((page for page in self.pages if page.name == name), None)
