"""The blueprint of the room's pages."""

from flask import Blueprint

bp = Blueprint("assessment", __name__)
