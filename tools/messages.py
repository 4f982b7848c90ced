"""The words of the pages: add translations, compile them, and check that none is missing.

    python tools/messages.py add FILE.json     {"English msgid": "中文", …} into messages.po, then compile;
                                               for ngettext {"%(n)s day": ["%(n)s days", "%(n)s 天"]}
    python tools/messages.py compile           messages.po → messages.mo (not committed)
    python tools/messages.py check             every msgid of code and templates has its Chinese

Several people may add at once: the catalogue is read, changed and replaced under one lock.
"""

from __future__ import annotations

import argparse
import fcntl
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans_CN"
WORDS = ("_", "gettext", "lazy_gettext", "_l", "N_")
KEYWORDS: dict[str, tuple[int, ...] | None] = dict.fromkeys(WORDS) | {"ngettext": (1, 2)}


class Words:
    """The Chinese catalogue below a folder: `translations/zh_Hans_CN/LC_MESSAGES/messages.{po,mo}`."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.po = root / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"
        self.mo = self.po.with_suffix(".mo")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the catalogue for this process alone until the block ends."""
        self.po.parent.mkdir(parents=True, exist_ok=True)
        with self.po.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def read(self) -> Catalog:
        """Return the stored catalogue, an empty one when there is no file yet."""
        if not self.po.exists():
            return Catalog(locale=LOCALE)
        with self.po.open("rb") as source:
            return read_po(source, locale=LOCALE)

    def add(self, words: dict[str, str | list[str]]) -> int:
        """Merge {msgid: msgstr} or {msgid: [plural msgid, msgstr]}, a later translation winning.

        Return the number of msgids then stored.
        :raises ValueError: when a translation is empty or names other parameters than its msgid; nothing is stored.
        """
        catalog = self.read()
        for msgid, answer in words.items():
            catalog.delete(msgid)
            if isinstance(answer, str):
                catalog.add(msgid, answer)
            else:
                catalog.add((msgid, answer[0]), (answer[1],))
        _refuse_broken(catalog)
        self.write(catalog)
        return len(catalog)

    def write(self, catalog: Catalog) -> None:
        """Replace messages.po by the catalogue, sorted and without places or dates, so that merges stay small."""
        catalog.fuzzy = False
        text = io.BytesIO()
        write_po(text, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
        header = (
            f'msgid ""\nmsgstr ""\n"Language: {LOCALE}\\n"\n"MIME-Version: 1.0\\n"\n'
            '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
            '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        )
        _replace(self.po, header.encode() + text.getvalue().rstrip() + b"\n")

    def compile(self) -> None:
        """Write messages.mo beside messages.po, unless it is already newer or there is nothing to compile."""
        if not self.po.exists() or (self.mo.exists() and self.mo.stat().st_mtime_ns > self.po.stat().st_mtime_ns):
            return
        compiled = io.BytesIO()
        write_mo(compiled, self.read())
        _replace(self.mo, compiled.getvalue())

    def used(self) -> Catalog:
        """Return the msgids that code and templates use, each with its places (file, line)."""
        mapping = self.root / "babel.cfg"
        with mapping.open() as source:
            methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]
        catalog = Catalog(locale=LOCALE)
        for file, line, msgid, _comments, context in extract_from_dir(
            self.root, methods, options, KEYWORDS, directory_filter=_is_ours
        ):
            catalog.add(msgid, locations=[(file, line)], context=context)
        return catalog

    def complaints(self) -> list[str]:
        """Return a line for every msgid that is used and has no Chinese, with the place of one use."""
        stored = self.read()
        lines = []
        for message in (each for each in self.used() if each.id):
            known = stored.get(_first(message.id))
            if known is None:
                lines.append(f"missing       {_place(message.locations)}  {message.id!r}")
            elif not (known.string and all(known.string)):
                lines.append(f"untranslated  {_place(message.locations)}  {message.id!r}")
        return sorted(lines)

    def idle(self) -> list[str]:
        """Return a line for every stored msgid that nothing uses any more."""
        used = self.used()
        return sorted(f"not used      {each.id!r}" for each in self.read() if each.id and not used.get(_first(each.id)))


def _first(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _place(locations: list[tuple[str, int]]) -> str:
    return ":".join(str(part) for part in locations[0]) if locations else "?"


def _is_ours(folder: str | os.PathLike[str]) -> bool:
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name not in {"instance", "var", "static"}


def _refuse_broken(catalog: Catalog) -> None:
    """Check every translation.

    :raises ValueError: when one is empty or its %(names)s differ from its msgid's.
    """
    for message in catalog:
        if message.id and not message.string:
            raise ValueError(f"no translation for {message.id!r}")
    for message, errors in catalog.check():
        raise ValueError(f"{message.id!r} → {message.string!r}: {errors[0]}")


def _replace(path: Path, data: bytes) -> None:
    """Put the bytes in place in one step: a reader sees the old file or the new one, never half of it."""
    draft = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Run one of add, compile, check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add").add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    commands.add_parser("compile")
    commands.add_parser("check").add_argument("--idle", action="store_true", help="also list msgids no longer used")
    chosen = parser.parse_args(arguments)
    words = Words(chosen.root)
    if chosen.command == "check":
        return _report(words, show_idle=chosen.idle)
    with words.locked():
        for file in getattr(chosen, "files", []):
            try:
                print(f"{file}: {words.add(json.loads(file.read_text('utf-8')))} messages stored")
            except ValueError as refused:
                print(f"{file}: nothing stored, {refused}", file=sys.stderr)
                return 1
        words.compile()
    return 0


def _report(words: Words, *, show_idle: bool) -> int:
    wrong = words.complaints()
    for line in wrong + (words.idle() if show_idle else []):
        print(line)
    if wrong:
        print(f"{len(wrong)} messages without Chinese: write them as JSON and run tools/messages.py add FILE.json")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
