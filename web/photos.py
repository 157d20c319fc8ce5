"""Photos as pictures, for those who may see the job that they were taken at."""

from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from dispatch.accounts.users import find_user
from dispatch.on_site.photos import get_photo_data
from web.access import ADMIN, DISPATCHER, TECHNICIAN, role_required, within_territories
from web.context import reading

blueprint = Blueprint("photos", __name__, url_prefix="/photos")


@blueprint.get("/<int:photo_id>")
@role_required(TECHNICIAN, DISPATCHER, ADMIN)
@within_territories
def photo(photo_id: int) -> Any:
    """The whole picture, or with `?size=small` its thumbnail; 403 for a technician whose visit it was not."""
    with reading() as session:
        user = find_user(session, current_user.id)
        data = get_photo_data(session, photo_id, user, small=request.args.get("size") == "small")
    answer = Response(data, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"  # a photo never changes; who may see it may
    return answer
