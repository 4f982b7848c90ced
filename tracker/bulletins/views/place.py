"""What the pages of this room share."""

from flask import Blueprint

bp = Blueprint("bulletins", __name__)
