"""What people and files carry, corrected links, counts, and who is told nothing."""

import sqlalchemy as sa
from alembic import op

import hub.store.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("made_at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index("ix_batches_connector", ["connector", "id"], unique=False)

    op.create_table(
        "tallies",
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("blind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("talked", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("connector", "blind", name=op.f("pk_tallies")),
    )
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.create_index("ix_tallies_day", ["connector", "day", "word"], unique=False)

    op.create_table(
        "links",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("before", sa.String(length=300), nullable=True),
        sa.Column("after", sa.String(length=300), nullable=False),
        sa.Column("at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_links_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index("ix_links_source", ["source_id", "id"], unique=False)

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.add_column(sa.Column("routed_by", sa.String(length=100), nullable=True))

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.add_column(sa.Column("typed_by", sa.String(length=100), nullable=True))

    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("handed_at", hub.store.types.UtcTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("handed_to", sa.String(length=100), nullable=True))
        batch_op.add_column(
            sa.Column(
                "batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index(
            "ix_parcels_handed",
            ["connector", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'handed'"),
            postgresql_where=sa.text("state = 'handed'"),
        )

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("listens", sa.Boolean(), server_default=sa.text("true"), nullable=False)
        )


def downgrade() -> None:
    # The version before knows no such state.
    op.execute("UPDATE parcels SET state = 'waiting' WHERE state = 'handed'")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_column("listens")

    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_parcels_handed",
            sqlite_where=sa.text("state = 'handed'"),
            postgresql_where=sa.text("state = 'handed'"),
        )
        batch_op.drop_column("batch_id")
        batch_op.drop_column("handed_to")
        batch_op.drop_column("handed_at")

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_column("typed_by")

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_column("routed_by")

    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index("ix_links_source")

    op.drop_table("links")
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.drop_index("ix_tallies_day")

    op.drop_table("tallies")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index("ix_batches_connector")

    op.drop_table("batches")
