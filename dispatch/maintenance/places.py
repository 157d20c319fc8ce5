"""Recurring work goes where its asset or its customer is: it follows when their address is changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.editing import change_row
from dispatch.models import Asset, Customer, MaintenancePlan


def follow_address(
    session: Session, owner: object, old_location_id: int | None, now: datetime, by_user_id: int | None
) -> None:
    """Lead the plans that went to the old place of this asset, or of this customer, to where it is now; each is told.

    Plans for an asset follow the asset alone. Jobs that were made stay. Nothing is done for an owner of another kind.
    """
    if isinstance(owner, Asset):
        of_owner = MaintenancePlan.asset_id == owner.id
    elif isinstance(owner, Customer):
        of_owner = (MaintenancePlan.customer_id == owner.id) & MaintenancePlan.asset_id.is_(None)
    else:
        return
    if old_location_id is None or owner.location_id in (None, old_location_id):
        return
    went_there = select(MaintenancePlan).where(of_owner, MaintenancePlan.location_id == old_location_id)
    reason = f"The address of {owner.name} was changed."
    for plan in session.scalars(went_there.order_by(MaintenancePlan.id)).all():
        place = {"location_id": owner.location_id}
        change_row(session, plan, plan.version, now, by_user_id, reason=reason, **place)
