"""Pages of the ledger, its views, and the files made of it."""

from tracker.exchange.views import exports as exports
from tracker.exchange.views import ledger as ledger
from tracker.exchange.views.place import bp as bp
