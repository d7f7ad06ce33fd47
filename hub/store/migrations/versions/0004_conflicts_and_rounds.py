"""Who contradicted whom, rounds of looking, budgets, clocks, and what is held."""

import sqlalchemy as sa
from alembic import op

import hub.store.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("began_at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("ended_at", hub.store.types.UtcTime(timezone=True), nullable=True),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unreadable", sa.Integer(), server_default="0", nullable=False),
        sa.Column("found", hub.store.types.JsonText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index("ix_rounds_ended", ["connector", "ended_at"], unique=False)
        batch_op.create_index(
            "uq_rounds_open",
            ["connector"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "conflicts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("ours", sa.String(length=20), nullable=False),
        sa.Column("ours_at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("ours_from", sa.String(length=100), nullable=False),
        sa.Column("theirs", sa.String(length=20), nullable=False),
        sa.Column("their_word", sa.Text(), nullable=False),
        sa.Column("theirs_at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("ahead", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", hub.store.types.UtcTime(timezone=True), nullable=True),
        sa.Column("decided", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_conflicts_complaint_id_complaints")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.create_index("ix_conflicts_complaint", ["complaint_id", "id"], unique=False)
        batch_op.create_index("ix_conflicts_open", ["ended_at", "id"], unique=False)
        batch_op.create_index("ix_conflicts_source", ["source_id", "id"], unique=False)

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("held_at", hub.store.types.UtcTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("held_why", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_complaints_held",
            ["held_at"],
            unique=False,
            sqlite_where=sa.text("held_at IS NOT NULL"),
            postgresql_where=sa.text("held_at IS NOT NULL"),
        )

    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looks", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index("ix_parcels_settled", ["settled_at"], unique=False)

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("looked_at", hub.store.types.UtcTime(timezone=True), nullable=True)
        )
        batch_op.create_index("ix_sources_looked", ["connector", "looked_at"], unique=False)

    with op.batch_alter_table("upstreams", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("resumed_at", hub.store.types.UtcTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("looks_free_at", hub.store.types.UtcTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("clock_samples", hub.store.types.JsonText(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("upstreams", schema=None) as batch_op:
        batch_op.drop_column("clock_samples")
        batch_op.drop_column("looks_free_at")
        batch_op.drop_column("resumed_at")

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index("ix_sources_looked")
        batch_op.drop_column("looked_at")

    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.drop_index("ix_parcels_settled")
        batch_op.drop_column("looks")

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("ix_complaints_held")
        batch_op.drop_column("held_why")
        batch_op.drop_column("held_at")

    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.drop_index("ix_conflicts_source")
        batch_op.drop_index("ix_conflicts_open")
        batch_op.drop_index("ix_conflicts_complaint")

    op.drop_table("conflicts")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rounds_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_rounds_ended")

    op.drop_table("rounds")
