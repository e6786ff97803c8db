"""Alarms that wait for a pager, callers who refuse transcription, and the register of what was destroyed."""

import sqlalchemy as sa
from alembic import op

from voicebot.adapters.tables import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("alarm", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("ticket", sa.Column("paged_at", Moment, comment="every pager has accepted the alarm"))
    op.add_column(
        "ticket", sa.Column("page_after", Moment, comment="until then one of the machines has it in hand")
    )
    op.create_index("ticket_to_page", "ticket", ["alarm", "paged_at"])
    op.add_column(
        "call", sa.Column("objected_at", Moment, comment="the caller does not want to be transcribed")
    )
    op.add_column(
        "call", sa.Column("forgotten_at", Moment, comment="its words were destroyed before their time")
    )
    op.create_table(
        "register",
        sa.Column(
            "position", sa.Integer, primary_key=True, autoincrement=False, comment="from 0, without gaps"
        ),
        sa.Column("at", Moment, nullable=False),
        sa.Column("what", sa.String, nullable=False, comment="class of data; nothing about whom"),
        sa.Column("destroyed", sa.Integer, nullable=False),
        sa.Column("oldest", Moment, comment="when the oldest of them was made"),
        sa.Column("previous", sa.String(64), nullable=False, comment="`hash` of the entry before"),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("register")
    for column in ("forgotten_at", "objected_at"):
        op.drop_column("call", column)
    op.drop_index("ticket_to_page", "ticket")
    for column in ("page_after", "paged_at", "alarm"):
        op.drop_column("ticket", column)
