"""A sheet that waits between its check and its storing."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from tracker.files.models import new_token
from tracker.files.names import LONGEST
from tracker.kit.db import Model, UtcDateTime


class KeptSheet(Model):
    """Somebody's uploaded sheet, kept for the pages that show what is wrong in it; gone a day later or once stored."""

    __tablename__ = "kept_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True, default=new_token)
    purpose: Mapped[str] = mapped_column(String(40))
    """Which import it was uploaded for; another one does not find it."""
    person_id: Mapped[int] = mapped_column(index=True)
    """No foreign key, because people belong to a room above."""
    name: Mapped[str] = mapped_column(String(LONGEST))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    note: Mapped[str] = mapped_column(String(120), default="")
    """What was chosen beside the file, in the import's own words."""
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
