"""A job's page with its whole life, and what the office decides about it: on the page and on the board."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.job_page import get_job_page
from dispatch.jobs import change_status
from dispatch.models import Job, User
from dispatch.on_site.checklist import tick
from dispatch.on_site.notes import add_job_note
from dispatch.users import get_user
from web.access import ADMIN, DISPATCHER, role_required
from web.console.views import blueprint
from web.context import now, reading, writing
from web.forms import find_text_of, get_text_of, json_object
