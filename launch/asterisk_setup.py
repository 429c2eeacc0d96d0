"""From this installation's settings and agents to Asterisk's configuration files."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from asterisk_conf.render import Addresses, AgentPhone, Installation, render
from core.database import Database
from core.settings import Settings
from core.twilio_settings import load_twilio
from crm.customers import Customer, CustomerPhone
from launch.install.asterisk_root import AsteriskProgram
from launch.sip_accounts import ensure_accounts, ensure_twilio_account
from launch.supervision.programs import asterisk_conf_file
from routing.agents import AgentRecord


def render_asterisk(settings: Settings, database: Database, program: AsteriskProgram) -> bool:
    """Write the configuration; returns whether anything changed."""
    with database.reading() as session:
        agents = [
            AgentPhone(agent.id, _plain(agent.name), agent.phone_secret)
            for agent in session.scalars(select(AgentRecord).order_by(AgentRecord.id))
        ]
        number, name = _soft_phone_customer(session)
    return render(
        Installation(
            folder=asterisk_conf_file(settings.home).parent.parent,
            modules=program.modules,
            data=program.data,
            addresses=Addresses(
                bind=settings.bind_address,
                sip_port=settings.sip_port,
                http_port=settings.asterisk_http_port,
                ami_port=settings.ami_port,
                agi_port=settings.agi_port,
                rtp_first_port=settings.rtp_first_port,
                rtp_last_port=settings.rtp_last_port,
                speech_ports=settings.speech_front_ports,
                standby_agi_port=settings.standby_agi_port if settings.standby else None,
            ),
            manager_secret=settings.ami_password.get_secret_value(),
            agi_key=settings.agi_key,
            speech_key=settings.speech_key,
            hotline=settings.hotline_number,
            agents=agents,
            accounts=ensure_accounts(settings.home, number, name),
            twilio=ensure_twilio_account(settings.home) if load_twilio(settings.home) else None,
            control=settings.control_number,
        )
    )


def _soft_phone_customer(session: Session) -> tuple[str, str]:
    """The customer as whom the demo's soft phone calls: (number in E.164, name); empty when there is no customer."""
    row = session.execute(
        select(CustomerPhone.e164, Customer.name).join(Customer).order_by(Customer.id, CustomerPhone.id).limit(1)
    ).first()
    return (row[0], _plain(row[1])) if row else ("", "")


def _plain(name: str) -> str:
    """A name as a caller id: letters, digits, spaces, dots, hyphens and apostrophes."""
    return "".join(character for character in name if character.isalnum() or character in " .-'")
