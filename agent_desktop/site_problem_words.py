"""What is wrong with the sites of a policy, and how its queues use them, to be translated; and what to do."""

from agent_desktop.texts import _marked

SAID_OF_SITES = (
    _marked("There are two sites %(name)s."),
    _marked("There is no site %(name)s."),
    _marked("The policy has no sites, but this queue is to use them."),
    _marked("The site %(name)s is closed for ever."),
    _marked("No agent is at the site %(name)s."),
    _marked("Agents at no site of the policy: %(count)s. Queues with `sites` ask them last."),
    _marked("%(part)s: write either `near_km`, with `widen` where wanted, or `share`."),
    _marked("%(part)s: each ring must begin later and reach farther than the one before, `any_after_s` last of all."),
    _marked("%(part)s: this city or province is not known."),
    _marked("%(part)s: there is no such time zone."),
    _marked("%(part)s: these are no opening times."),
    _marked("%(part)s: these are no days."),
    _marked("%(part)s: a day stands here twice."),
    _marked("%(part)s: this word is not known here."),
    _marked("%(part)s: these are no hours."),
)
STEPS_OF_SITES = (
    _marked("Write the sites under `sites`."),
    _marked("Write its times, or always."),
    _marked("See ./halo routing site AGENT %(name)s."),
    _marked("See ./halo routing site."),
    _marked("Such as {near_km: 0, any_after_s: 60} or {share: {jakarta: 60, surabaya: 40}, any_after_s: 60}."),
    _marked("Put `after_s` and `km` in their order."),
    _marked("Write one such as Surabaya, or {latitude: -7.26, longitude: 112.75}."),
    _marked("Write a name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura."),
    _marked("Write 08:00-17:00, a list of such, or closed; all day is 00:00-24:00."),
    _marked("Write daily, one such as mon, or two in order as in mon-fri."),
    _marked("Name each day once."),
    _marked("Write take, or leave it out."),
    _marked("Write always, or days with times such as {mon-fri: 08:00-17:00}."),
)
