"""Settings: declared once here, read from the environment with the prefix RECTIFY_."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations."""

    data: Path
    """Folder of database, files and queue (RECTIFY_DATA)."""
    database_url: str
    """SQLAlchemy URL (RECTIFY_DATABASE_URL); SQLite inside the data folder by default."""
    queue_url: str
    """sqlite:///…, redis://… or postgresql://… (RECTIFY_QUEUE_URL)."""
    secret_key: str
    """Signs form keys (RECTIFY_SECRET_KEY); made at first start and kept in the data folder."""
    smtp_url: str
    """smtp://user:password@host:port (RECTIFY_SMTP_URL); empty: no e-mail is sent and the deliveries say so."""
    mail_from: str
    """Sender of e-mail (RECTIFY_MAIL_FROM)."""
    public_url: str
    """Where people reach the product (RECTIFY_PUBLIC_URL); printed in QR codes and mail, never taken from a request."""
    now: str
    """Opening moment of the demo's clock (RECTIFY_NOW); refused outside the demo."""
    now_since: str
    """Real moment at which the demo's clock opened (RECTIFY_NOW_SINCE), so that several processes share one clock."""
    production: bool
    """Real work (RECTIFY_PRODUCTION=1): demo accounts and a moved clock are refused."""
    office_name: str
    """The issuing office as it stands on papers (RECTIFY_OFFICE_NAME)."""
    series: str
    """Number series of rectification notices (RECTIFY_SERIES)."""
    secure_cookies: bool
    """Cookies over TLS only (RECTIFY_SECURE_COOKIES); on wherever the public URL is https."""
    trusted_proxies: int
    """Reverse proxies whose X-Forwarded-For is believed (RECTIFY_TRUSTED_PROXIES)."""
    urge_series: str = "阜政办公开催"
    """Number series of 催办单 (RECTIFY_URGE_SERIES)."""
    supervision_series: str = "阜政办公开督"
    """Number series of 督办函 (RECTIFY_SUPERVISION_SERIES)."""
    correction_series: str = "阜政办公开更"
    """Number series of 更正函 (RECTIFY_CORRECTION_SERIES)."""
    bulletin_series: str = "阜政办公开通"
    """Number series of 通报 (RECTIFY_BULLETIN_SERIES)."""
    sign_p12: str = ""
    """PKCS#12 file with the office's signing key (RECTIFY_SIGN_P12); empty: papers are sealed by hand. Set it for the
    worker only, and let only the worker's account read the file (chmod 600); it never enters the database."""
    sign_p12_password_file: str = ""
    """File with that key's password (RECTIFY_SIGN_P12_PASSWORD_FILE), as private as the key."""
    sign_appearance: str = ""
    """One-page PDF drawn where the seal stands as the signature's visible appearance (RECTIFY_SIGN_APPEARANCE); off by
    default. Its fonts must be embedded, or the paper is no PDF/A any more."""
    sign_command: str = ""
    """Program of an outside signing service (RECTIFY_SIGN_COMMAND): reads the PDF, writes the signed PDF, within 45 s;
    instead of RECTIFY_SIGN_P12. No shell runs it, and it sees none of these settings."""
    files_url: str = ""
    """Where uploads lie (RECTIFY_FILES_URL): empty for the data folder, or s3://bucket/prefix?endpoint=https://host."""
    clamd_url: str = ""
    """The virus scanner clamd (RECTIFY_CLAMD_URL): unix:/path/of/its.socket or tcp://host:3310."""
    scan_mode: str = "off"
    """What the virus scanner decides (RECTIFY_SCAN_MODE): off, warn (unchecked while it is down), or require (held
    back while it is down)."""
    trust: Path = Path("trust")
    """Folder whose roots/*.pem are the authorities that electronic signatures may come from, and crls/*.crl their
    revocation lists (RECTIFY_TRUST); "trust" inside the data folder by default. Nothing is ever fetched."""
    wecom_url: str = ""
    """Address of a WeCom group robot, its key included (RECTIFY_WECOM_URL); empty: no such robot. Like every address
    and secret of a robot it never enters the database, a log, or what the deliveries page says."""
    dingtalk_url: str = ""
    """Address of a DingTalk group robot, its access token included (RECTIFY_DINGTALK_URL)."""
    dingtalk_secret: str = ""
    """The robot's signing secret, SEC… (RECTIFY_DINGTALK_SECRET)."""
    feishu_url: str = ""
    """Address of a Feishu group robot (RECTIFY_FEISHU_URL)."""
    feishu_secret: str = ""
    """The robot's signing secret (RECTIFY_FEISHU_SECRET)."""
    webhook_url: str = ""
    """Where another system of the office takes every letter as signed JSON (RECTIFY_WEBHOOK_URL)."""
    webhook_secret: str = ""
    """Key of that signature (RECTIFY_WEBHOOK_SECRET); needed with the address."""
    http_proxy: str = ""
    """Proxy through which robots and webhook are reached (RECTIFY_HTTP_PROXY); no other one is ever used."""
    letter_hours: str = "08:30-17:30"
    """Between which hours of a working day letters and robots' messages leave (RECTIFY_LETTER_HOURS)."""
    idle: timedelta = timedelta(minutes=30)
    """A session without a request this long is over (等保: 15–30 minutes)."""
    absolute: timedelta = timedelta(hours=12)
    """No session is longer than this."""
    max_upload: int = 20 * 1024 * 1024
    """Bytes of one uploaded file."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings of this process; makes the data folder and its secret when they are absent."""
        read = {key.removeprefix("RECTIFY_"): value for key, value in environ.items() if key.startswith("RECTIFY_")}
        data = Path(read.get("DATA", "instance")).resolve()
        data.mkdir(parents=True, exist_ok=True)
        public_url = read.get("PUBLIC_URL", f"http://127.0.0.1:{environ.get('PORT', '8000')}").rstrip("/")
        return cls(
            data=data,
            database_url=read.get("DATABASE_URL") or f"sqlite:///{data / 'rectify.db'}",
            queue_url=read.get("QUEUE_URL") or f"sqlite:///{data / 'queue.db'}",
            secret_key=read.get("SECRET_KEY") or kept_secret(data / "secret-key"),
            smtp_url=read.get("SMTP_URL", ""),
            mail_from=read.get("MAIL_FROM", "rectify@localhost"),
            public_url=public_url,
            now=read.get("NOW", ""),
            now_since=read.get("NOW_SINCE", ""),
            production=read.get("PRODUCTION", "0") == "1",
            office_name=read.get("OFFICE_NAME", "阜新市人民政府办公室"),
            series=read.get("SERIES", "阜政办公开改"),
            urge_series=read.get("URGE_SERIES", cls.urge_series),
            supervision_series=read.get("SUPERVISION_SERIES", cls.supervision_series),
            correction_series=read.get("CORRECTION_SERIES", cls.correction_series),
            bulletin_series=read.get("BULLETIN_SERIES", cls.bulletin_series),
            secure_cookies=read.get("SECURE_COOKIES", "1" if public_url.startswith("https:") else "0") == "1",
            sign_p12=read.get("SIGN_P12", ""),
            sign_p12_password_file=read.get("SIGN_P12_PASSWORD_FILE", ""),
            sign_appearance=read.get("SIGN_APPEARANCE", ""),
            sign_command=read.get("SIGN_COMMAND", ""),
            files_url=files_address(read.get("FILES_URL", "")),
            trust=Path(read.get("TRUST") or data / "trust").resolve(),
            clamd_url=read.get("CLAMD_URL", ""),
            scan_mode=scan_mode(read.get("SCAN_MODE", "off"), read.get("CLAMD_URL", "")),
            trusted_proxies=int(read.get("TRUSTED_PROXIES", "0")),
            letter_hours=letter_hours(read.get("LETTER_HOURS", cls.letter_hours)),
            **outside(read),
        )


def files_address(typed: str) -> str:
    """Return where uploads lie, empty for the data folder.

    :raises ValueError: it is no address of a bucket.
    """
    if typed and not typed.startswith("s3://"):
        raise ValueError("RECTIFY_FILES_URL is s3://bucket/prefix?endpoint=https://host, or empty for the data folder.")
    return typed


def outside(read: Mapping[str, str]) -> dict[str, Any]:
    """Return the addresses and secrets of robots, webhook and proxy.

    :raises ValueError: an address that is none (it is not repeated: it holds a secret), or a webhook without its key.
    """
    names = ("WECOM_URL", "DINGTALK_URL", "FEISHU_URL", "WEBHOOK_URL", "HTTP_PROXY")
    for name in names:
        parts = urlsplit(read.get(name, ""))
        if read.get(name) and (parts.scheme not in ("https", "http") or not parts.hostname):
            raise ValueError(f"RECTIFY_{name} is an address like https://host/path.")
    if read.get("WEBHOOK_URL") and not read.get("WEBHOOK_SECRET"):
        raise ValueError("RECTIFY_WEBHOOK_URL needs RECTIFY_WEBHOOK_SECRET, with which every letter is signed.")
    found = (*names, "DINGTALK_SECRET", "FEISHU_SECRET", "WEBHOOK_SECRET")
    return {name.lower(): read.get(name, "") for name in found}


def letter_hours(typed: str) -> str:
    """Return the hours in which letters leave, as they were typed.

    :raises ValueError: they are no two hours of one day in their order.
    """
    found = re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)", typed)
    if not found or found[1] >= found[3]:
        raise ValueError(f"RECTIFY_LETTER_HOURS is two hours of one day like 08:30-17:30, not {typed!r}.")
    return typed


def scan_mode(typed: str, clamd_url: str) -> str:
    """Return the mode of virus checking.

    :raises ValueError: no such mode, or one that needs a scanner where none is named.
    """
    if typed not in ("off", "warn", "require"):
        raise ValueError(f"RECTIFY_SCAN_MODE is off, warn or require, not {typed!r}.")
    if typed != "off" and not clamd_url:
        raise ValueError(f"RECTIFY_SCAN_MODE={typed} needs RECTIFY_CLAMD_URL, the address of clamd.")
    return typed


def kept_secret(path: Path) -> str:
    """Return the secret kept in `path`: made at random at the first call, readable by its owner only."""
    if path.exists():
        return path.read_text().strip()
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):  # web and worker may start at once: the first whole one counts for both
        os.link(draft, path)
    draft.unlink()
    return path.read_text().strip()
