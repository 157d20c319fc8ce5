"""What a plan changes against the version that was published before it, line by line, and what people say to that."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, one_of
from dispatch.models.jobs import Job
from dispatch.models.people import Technician

if TYPE_CHECKING:
    from dispatch.models.plans import PlanVersion

CHANGE_KINDS = ("added", "left out", "moved", "retimed", "gone")
DECISIONS = ("open", "accepted", "refused", "edited")


class PlanChange(Base):
    """One job that a plan has elsewhere than the version before it had.

    "gone" is a job that need not be served any more. A line that nobody has decided about is published as proposed.
    """

    __tablename__ = "plan_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    kind: Mapped[str]
    from_technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"), index=True)
    from_start_at: Mapped[datetime | None]
    to_technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"), index=True)
    to_start_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    gain: Mapped[int | None] = mapped_column(BigInteger)
    """What undoing this line would cost, in the policy's unit; None where it cannot be undone."""
    costs: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """The gain by rule."""
    together_job_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The jobs whose lines can only be undone together with this one."""
    mark: Mapped[str] = mapped_column(Text, default="")
    """Why it is not as it was in the draft that people saw before; empty where it is."""
    decision: Mapped[str] = mapped_column(default="open")
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decided_at: Mapped[datetime | None]

    plan: Mapped[PlanVersion] = relationship(back_populates="changes")
    job: Mapped[Job] = relationship()
    from_technician: Mapped[Technician | None] = relationship(foreign_keys=[from_technician_id])
    to_technician: Mapped[Technician | None] = relationship(foreign_keys=[to_technician_id])

    __table_args__ = (
        UniqueConstraint("plan_id", "job_id"),
        CheckConstraint(one_of("kind", CHANGE_KINDS), name="kind_known"),
        CheckConstraint(one_of("decision", DECISIONS), name="decision_known"),
        CheckConstraint("(from_technician_id IS NULL) = (from_start_at IS NULL)", name="from_whole"),
        CheckConstraint("(to_technician_id IS NULL) = (to_start_at IS NULL)", name="to_whole"),
        CheckConstraint("from_technician_id IS NOT NULL OR to_technician_id IS NOT NULL", name="from_or_to"),
        CheckConstraint("decision = 'open' OR decided_at IS NOT NULL", name="decision_has_time"),
    )
