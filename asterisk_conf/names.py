"""Names that the dialplan and our processes share. Nobody else writes them as text."""

# Contexts
INBOUND = "inbound"  # from trunks
FROM_TWILIO = "from-twilio"  # from Twilio alone, which may bring an interaction id of ours
ENTRY = "entry"  # runs the IVR, with another try when it fails
WAITING = "waiting"  # holds a caller with music
RESCUE = "rescue"  # a plain Asterisk queue, for when Halo is away
AGENT_LEG = "agent-leg"  # an agent has answered: take the caller
CALL_BACK = "call-back"  # an agent has answered: call the customer who was promised it
CALLED_FIRST = "called-first"  # such a customer has answered, before any agent: is it them?
POST_CALL = "post-call"  # the agent has hung up: the caller goes on here
OUTSIDE = "outside"  # an agent has handed the caller over to a number outside: call it
CONSULT = "consult"  # an agent's leg waits for whoever is asked about the caller
CONSULTED = "consulted"  # whoever is asked has answered
THREE_WAY = "three-way"  # caller, agent and whoever is asked hear each other
GOODBYE = "goodbye"
RECORDING = "recording"  # begins and ends the recording of the talks of a caller
FREEING = "freeing"  # takes a caller from a thread of Asterisk that waits for ever
CONTROL = "control"  # supervisors close and reopen the lines

# Channel variables
INTERACTION = "HALO_INTERACTION"  # id, inherited by every leg
ARRIVED = "HALO_ARRIVED"  # seconds since 1970 when the call arrived
DIALLED = "HALO_DIALLED"  # "no": no flow in force is for the number that was dialled
OFFER = "HALO_OFFER"  # an interaction id that a carrier brings back to us, with its token; AGI decides about it
NEXT = "HALO_NEXT"  # context in which the caller goes on after the IVR
PLACE = "HALO_PLACE"  # the caller's place in line, so that it survives us
SPOKEN_LANGUAGE = "HALO_LANGUAGE"  # id or en
HANDED = "HALO_HANDED"  # on a caller who is handed over: the context in which they go on, whatever becomes of the agent's leg
KEPT = "HALO_KEPT"  # on a caller whose agent's phone was lost: until when they are kept for that agent, in seconds since 1970
HELPED = "HALO_HELPED"  # the interaction, on the leg of a number outside: it is no caller's
CONSULTER = "HALO_CONSULTER"  # on the leg of whoever is asked: the channel of the agent who asks
CALLER = "HALO_CALLER"  # on an agent's leg: the caller's channel
NUMBER = "HALO_NUMBER"  # on an agent's leg: the customer's number, who is to be called; on theirs, when they are called first
TRUNK_OUT = "HALO_TRUNK"  # on the same leg: the SIP endpoint by which they are called
CALLED = "HALO_CALLED"  # the reservation's token, inherited by the leg of the customer who is called
TRIES = "HALO_TRIES"
TOLD_CLOSING = "HALO_TOLD_CLOSING"  # which emergency closing a caller in line has been told of
RECORD = "HALO_RECORD"  # "yes" on the channel of a caller whose talks are recorded
TALK = "HALO_TALK"  # the two files of its talk, without the ends of their names
RECORDER = "HALO_RECORDER"  # what records that channel now
RECORDING_PAUSED = "HALO_RECORDING_PAUSED"  # not "": an agent has paused it, and what begins to record begins silent
TELLING = "HALO_TELLING"  # shared with other channels: "yes" while a caller in line is told that they may be recorded
SILENT = "HALO_SILENT"  # "yes" once what has begun to record in a pause is silent

# SIP headers: to the agent's phone, and from a carrier that was told the interaction id by us
HEADER_INTERACTION = "X-Halo-Interaction"
HEADER_PROOF = "X-Halo-Proof"  # proves that the id is ours
HEADER_RESUME = "X-Halo-Resume"  # "1": the agent was in this talk already, answer at once

ECHO = "echo"  # what an agent's phone dials to hear itself
ECHO_LASTS_S = 30

RESCUE_QUEUE = "rescue"
RESCUE_JOURNAL = "spool/rescue.journal"  # in Asterisk's folder
TALKS = "spool/talks"  # in the same folder: what talks are recorded into, interaction_random and the side
MANAGER_USER = "halo"
MANAGER_EVENTS = (  # all that the manager user is told; the last is for whoever waits until Asterisk takes calls
    "Newchannel", "Newstate", "Hangup", "OriginateResponse", "Hold", "Unhold", "AgentConnect", "AgentComplete", "ContactStatus",
    "UserEvent", "DTMFEnd", "FullyBooted",
)  # fmt: skip
TRUNK = "carrier"
OUTSIDE_ANSWERED = "HaloOutsideAnswered"  # user event: the number outside has answered
OUTSIDE_NOT_REACHED = "HaloOutsideNotReached"  # user event: it has not, and the caller is back in the line
ON_THE_LINE = "HaloOnTheLine"  # user event: the customer who was called first has said that it is them, and waits
BACK_IN_CONSULT = "HaloBackInConsult"  # user event: the leg by which an agent is called back into a consult is there

TELLING_LOOKS = 120  # of an agent's leg, a tenth of a second each: nobody is told for longer
OUTSIDE_RINGS_S = 30  # how long a number outside rings: then the caller goes back to the line
CALL_BACK_RINGS_S = 25  # how long the phone of a customer who is called back rings: then voicemail would answer

# Prompts that the dialplan plays by itself, by their key in the IVR's catalogue
DIALPLAN_PROMPTS = ("one_moment", "goodbye", "called_connecting")


CALLERS_SIDE, AGENTS_SIDE = "-caller.sln", "-agent.sln"  # ends of the names of a talk's two files: signed linear, 8 kHz


def recording_options(stem: str) -> str:
    """How a talk is recorded: only while the caller is with somebody (b), into one file what they say (r) and into another what
    they hear (t), both of the same length. Not interleaved (D): where one side speaks Opus, Asterisk 22 writes a sixth of it.
    """
    return f"br({stem}{CALLERS_SIDE})t({stem}{AGENTS_SIDE})i({RECORDER})"


def speech_engine(number: int) -> str:
    """Asterisk's name for a speech front, behind which the recognisers are; they are counted from 1."""
    return f"vosk-{number}"


WEB_PHONE = "web"  # the kind of phone that is a browser page


def agent_endpoint(agent_id: str, kind: str = "") -> str:
    """Name of an agent's SIP endpoint: the page's (`kind` is WEB_PHONE), or that of a desk or soft phone."""
    return f"agent-{agent_id}-web" if kind == WEB_PHONE else f"agent-{agent_id}"


def agent_of_endpoint(endpoint: str) -> str | None:
    """The agent whose endpoint this is, of either kind; None for any other. Takes "PJSIP/agent-1001" and channel names too."""
    name = endpoint.removeprefix("PJSIP/")
    if not name.startswith("agent-"):
        return None
    return name.removeprefix("agent-").split("-", 1)[0] or None


def agent_leg_id(token: int) -> str:
    """Unique id that we give the agent's leg of a reservation, so that we know it again after any restart."""
    return f"halo-leg-{token}"


def agent_leg_again_id(token: int, at_ms: int) -> str:
    """Unique id of the leg by which an agent whose phone was lost is called back into the talk, at this time since 1970."""
    return f"{agent_leg_id(token)}-{at_ms}"


def called_again_at_ms(unique_id: str) -> int:
    """When an agent whose phone was lost was called by this leg; 0 for any other channel."""
    _first, _, text = unique_id.removeprefix("halo-leg-").partition("-")
    return int(text) if unique_id.startswith("halo-leg-") and text.isdigit() else 0


def customer_leg_id(task_id: int, tries: int) -> str:
    """Unique id that we give the leg of a customer who is called first: one for each try, so that no try has two."""
    return f"halo-customer-{task_id}-{tries}"


def task_of_leg(unique_id: str) -> int | None:
    """The promise for which this customer is called first; None for any other channel."""
    text = unique_id.removeprefix("halo-customer-").split("-", 1)[0]
    return int(text) if unique_id.startswith("halo-customer-") and text.isdigit() else None


def consult_leg_id(token: int, at_ms: int) -> str:
    """Unique id of the leg of a number outside that the agent of this reservation asks."""
    return f"halo-consult-{token}-{at_ms}"


def token_of_consult_leg(unique_id: str) -> int | None:
    """The reservation's token of the agent who asks by this leg; None for any other channel."""
    text = unique_id.removeprefix("halo-consult-").split("-", 1)[0]
    return int(text) if unique_id.startswith("halo-consult-") and text.isdigit() else None


def token_of_leg(unique_id: str) -> int | None:
    """The reservation's token of an agent's leg; None for any other channel."""
    text = unique_id.removeprefix("halo-leg-").split("-", 1)[0]
    return int(text) if unique_id.startswith("halo-leg-") and text.isdigit() else None
