"""Where the ledger's pages stand."""

from flask import Blueprint

bp = Blueprint("exchange", __name__)
