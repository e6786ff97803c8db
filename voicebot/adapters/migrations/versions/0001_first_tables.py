"""The first tables, and the guard that keeps appointments and holds from overlapping."""

import sqlalchemy as sa
from alembic import op

from voicebot.adapters.tables import Moment

revision = "0001"
down_revision = None

OVERLAP = """
CREATE TRIGGER appointment_overlap_{when} BEFORE {event} ON appointment
WHEN NEW.state IN ('held', 'confirmed') AND EXISTS (
    SELECT 1 FROM appointment AS other
    WHERE other.practice = NEW.practice AND other.doctor = NEW.doctor AND other.id <> NEW.id
      AND other.state IN ('held', 'confirmed')
      AND other.starts < NEW.ends AND NEW.starts < other.ends
)
BEGIN SELECT RAISE(ABORT, 'appointment_overlap'); END
"""


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(OVERLAP.format(when="insert", event="INSERT"))
        op.execute(OVERLAP.format(when="update", event="UPDATE"))
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE appointment ADD CONSTRAINT appointment_overlap EXCLUDE USING gist "
            "(practice WITH =, doctor WITH =, tstzrange(starts, ends, '[)') WITH &&) "
            "WHERE (state IN ('held', 'confirmed'))"
        )


def downgrade() -> None:
    for table in ("journal", "call", "ticket", "action", "appointment", "patient"):
        op.drop_table(table)


def _tables() -> None:
    op.create_table(
        "patient",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("practice", sa.String, nullable=False),
        sa.Column("first_name", sa.String, nullable=False),
        sa.Column("last_name", sa.String, nullable=False),
        sa.Column(
            "name_key", sa.String, nullable=False, comment="both names without accents, case or punctuation"
        ),
        sa.Column("birth_date", sa.Date),
        sa.Column("phone", sa.String, nullable=False, comment="E.164, or empty"),
    )
    op.create_index("patient_identity", "patient", ["practice", "birth_date", "name_key"], unique=True)
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("practice", sa.String, nullable=False),
        sa.Column("doctor", sa.String, nullable=False),
        sa.Column("motif", sa.String, nullable=False),
        sa.Column("starts", Moment, nullable=False),
        sa.Column("ends", Moment, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("reserved", sa.Boolean, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column(
            "hold_key", sa.String, comment="what the call named its hold: the same again is the same hold"
        ),
        sa.Column("hold_until", Moment),
        sa.Column("patient", sa.String(32), sa.ForeignKey("patient.id")),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.CheckConstraint("starts < ends", name="appointment_has_a_length"),
        sa.CheckConstraint("state IN ('held', 'confirmed', 'cancelled')", name="appointment_state"),
        sa.CheckConstraint("state = 'held' OR patient IS NOT NULL", name="appointment_has_a_patient"),
    )
    op.create_index("appointment_by_time", "appointment", ["practice", "doctor", "starts"])
    op.create_index("appointment_by_patient", "appointment", ["practice", "patient"])
    op.create_index("appointment_by_hold", "appointment", ["practice", "hold_key"], unique=True)
    op.create_table(
        "action",
        sa.Column("practice", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True, comment="call id and intent"),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("appointment", sa.String(32), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "ticket",
        sa.Column("practice", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("call", sa.String, nullable=False),
        sa.Column("level", sa.String),
        sa.Column("due", Moment, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False, comment="the whole Ticket, encrypted"),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.Column("closed_by", sa.String),
    )
    op.create_index("ticket_open", "ticket", ["practice", "closed_at", "due"])
    op.create_table(
        "call",
        sa.Column("practice", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", sa.String),
    )
    op.create_index("call_by_time", "call", ["practice", "started_at"])
    op.create_table(
        "journal",
        sa.Column("practice", sa.String, primary_key=True),
        sa.Column("call", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False, comment="class of the event; its words are in `sealed`"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
