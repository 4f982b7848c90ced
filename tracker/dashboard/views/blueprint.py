"""Where the pages of the dashboard hang."""

from flask import Blueprint

bp = Blueprint("dashboard", __name__)
