"""Which conversations a phone can hold with a Halo that is at work, and why not the others."""

from ivr.conversations.story import Acts, Does, Hours, Records, Story

USUAL_NUMBER = Story.__dataclass_fields__["dialled"].default
_SPOKEN = frozenset({Does.SAY, Does.SPEAK_UNCLEARLY})


def why_not_by_phone(story: Story, hotline: str, hears: bool) -> str:
    """Why no phone can hold this conversation; "" when one can. `hears`: whether words are understood there."""
    acts = [step.does for step in story.steps if isinstance(step, Acts)]
    reasons = (
        (bool(story.not_by_phone), story.not_by_phone),
        (story.records is not Records.GOOD, "the records of a Halo at work are not made slow, and do not fail, for a test"),
        (not story.listening, "the recognisers of a Halo at work are not stopped for a test"),
        (story.hours is not Hours.OPEN or bool(story.closed_queues), "a Halo at work is not closed for a test"),
        (bool(story.in_line), "whoever waits in the line of a Halo at work may be given to an agent"),
        (story.at is not None, "it belongs to a day of its own"),
        (bool(story.segment), "the customers of conversations keep their segments"),
        (bool(story.language), "only a call that was broken off begins with a language"),
        (story.dialled not in (USUAL_NUMBER, hotline), f"the carrier dials {hotline} alone"),
        (Does.SAY_DOUBTFULLY in acts, "no voice is doubtful at will"),
        (not hears and bool(_SPOKEN & set(acts)), "words are not understood in this Halo"),
    )
    return next((why for holds, why in reasons if holds), "")
