"""The blueprint that the files of this folder share."""

from flask import Blueprint

bp = Blueprint("notices", __name__)
