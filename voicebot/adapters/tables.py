"""The tables. Every row carries its practice and every query filters by it.

Holds live in `appointment` beside the bookings, so that one guard keeps both from overlapping: triggers on
SQLite, an exclusion constraint on PostgreSQL (`migrations/`). Times are UTC.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC: `timestamptz`, or on SQLite a text of constant width that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a naive datetime: nobody could say when that is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = MetaData()

patient = Table(
    "patient",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("practice", String, nullable=False),
    Column("first_name", String, nullable=False),
    Column("last_name", String, nullable=False),
    Column("name_key", String, nullable=False, comment="both names without accents, case or punctuation"),
    Column("birth_date", Date),
    Column("phone", String, nullable=False, default="", comment="E.164, or empty"),
    Index("patient_identity", "practice", "birth_date", "name_key", unique=True),
)

appointment = Table(
    "appointment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("practice", String, nullable=False),
    Column("doctor", String, nullable=False),
    Column("motif", String, nullable=False),
    Column("starts", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("reserved", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("hold_key", String, comment="what the call named its hold: the same again is the same hold"),
    Column("hold_until", Moment),
    Column("patient", String(32), ForeignKey("patient.id")),
    Column("note", Text, nullable=False, default=""),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint("starts < ends", name="appointment_has_a_length"),
    CheckConstraint("state IN ('held', 'confirmed', 'cancelled')", name="appointment_state"),
    CheckConstraint("state = 'held' OR patient IS NOT NULL", name="appointment_has_a_patient"),
    Index("appointment_by_time", "practice", "doctor", "starts"),
    Index("appointment_by_patient", "practice", "patient"),
    Index("appointment_by_hold", "practice", "hold_key", unique=True),
)

action = Table(
    "action",
    metadata,
    Column("practice", String, primary_key=True),
    Column("key", String, primary_key=True, comment="call id and intent"),
    Column("kind", String, nullable=False),
    Column("appointment", String(32), ForeignKey("appointment.id"), nullable=False),
    Column("at", Moment, nullable=False),
)
"""What has been done, by idempotency key: written in the same transaction as the thing itself."""

ticket = Table(
    "ticket",
    metadata,
    Column("practice", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("call", String, nullable=False),
    Column("level", String),
    Column("due", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False, comment="the whole Ticket, encrypted"),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String),
    Column("alarm", Boolean, nullable=False, default=False, server_default=false()),
    Column("paged_at", Moment, comment="every pager has accepted the alarm"),
    Column("page_after", Moment, comment="until then one of the machines has it in hand"),
    Index("ticket_open", "practice", "closed_at", "due"),
    Index("ticket_to_page", "alarm", "paged_at"),
)

call = Table(
    "call",
    metadata,
    Column("practice", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String),
    Column("objected_at", Moment, comment="the caller does not want to be transcribed"),
    Column("forgotten_at", Moment, comment="its words were destroyed before their time"),
    Index("call_by_time", "practice", "started_at"),
)

journal = Table(
    "journal",
    metadata,
    Column("practice", String, primary_key=True),
    Column("call", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String, nullable=False, comment="class of the event; its words are in `sealed`"),
    Column("sealed", LargeBinary, nullable=False),
)

register = Table(
    "register",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False, comment="from 0, without gaps"),
    Column("at", Moment, nullable=False),
    Column("what", String, nullable=False, comment="class of data; nothing about whom"),
    Column("destroyed", Integer, nullable=False),
    Column("oldest", Moment, comment="when the oldest of them was made"),
    Column("previous", String(64), nullable=False, comment="`hash` of the entry before"),
    Column("hash", String(64), nullable=False),
)
"""What was destroyed and when: each entry holds the hash of the one before, so none can be changed unseen."""
