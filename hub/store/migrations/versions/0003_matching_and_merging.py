"""What finds and judges repeats, and the ledger of what was merged."""

import sqlalchemy as sa
from alembic import op

import hub.store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("said_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "report_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", "said_at", "report_id", name=op.f("pk_match_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "merges",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lost_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("report_ids", hub.store.types.JsonText(), nullable=False),
        sa.Column("source_ids", hub.store.types.JsonText(), nullable=False),
        sa.Column("before", hub.store.types.JsonText(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("evidence", hub.store.types.JsonText(), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("undone_at", hub.store.types.UtcTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=100), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_merges_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["lost_id"], ["complaints.id"], name=op.f("fk_merges_lost_id_complaints")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index("ix_merges_complaint", ["complaint_id", "id"], unique=False)
        batch_op.create_index("ix_merges_lost", ["lost_id"], unique=False)

    op.create_table(
        "gists",
        sa.Column(
            "report_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said_at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("gist", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_gists_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_gists")),
    )
    op.create_table(
        "matches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", hub.store.types.JsonText(), nullable=False),
        sa.Column("returns", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", hub.store.types.UtcTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", hub.store.types.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_matches_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_matches_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint(
            "report_id", "complaint_id", name=op.f("uq_matches_report_id_complaint_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.create_index("ix_matches_complaint", ["complaint_id"], unique=False)
        batch_op.create_index(
            "ix_matches_open",
            ["state", "at"],
            unique=False,
            sqlite_where=sa.text("state IN ('open', 'later')"),
            postgresql_where=sa.text("state IN ('open', 'later')"),
        )

    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("likeness", sa.String(length=16), nullable=True))

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "continues", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("voices", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index("ix_complaints_merged", ["merged_into"], unique=False)

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
    # What waits in a complaint's lane keeps its order, whichever complaint it is merged into.
    op.execute("UPDATE sources SET thread_id = complaint_id")

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index("ix_reports_said", ["said_at"], unique=False)

    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.create_index("ix_parcels_source", ["source_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.drop_index("ix_parcels_source")

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index("ix_reports_said")

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_column("thread_id")

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_column("source_id")

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("ix_complaints_merged")
        batch_op.drop_column("voices")
        batch_op.drop_column("continues")
        batch_op.drop_column("merged_into")

    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_column("likeness")
        batch_op.drop_column("sha256")

    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_matches_open",
            sqlite_where=sa.text("state IN ('open', 'later')"),
            postgresql_where=sa.text("state IN ('open', 'later')"),
        )
        batch_op.drop_index("ix_matches_complaint")

    op.drop_table("matches")
    op.drop_table("gists")
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.drop_index("ix_merges_lost")
        batch_op.drop_index("ix_merges_complaint")

    op.drop_table("merges")
    op.drop_table("match_keys")
