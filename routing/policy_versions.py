"""The policies that have been in force, and who put them there."""

from core.published_texts import Publications, PublishedText


class PolicyPublication(PublishedText):
    """A moment from which a policy is in force."""

    __tablename__ = "policy_publications"


_POLICIES = Publications(PolicyPublication, "There is no policy {number}.", "See ./halo routing versions.")

id_in_force = _POLICIES.id_in_force
in_force = _POLICIES.in_force
in_force_at = _POLICIES.in_force_at
put_in_force_between = _POLICIES.put_in_force_between
put_in_force = _POLICIES.put_in_force
bring_back = _POLICIES.bring_back
policy_of = _POLICIES.text_of
history = _POLICIES.history
