"""The paper room: frozen content in, official PDF out.

Owns page geometry, line breaking, fonts and the warm rendering child. Knows papers, pages and lines, but no notice and
no reply; the only room that imports WeasyPrint, and only inside the child (`child.py`, `press.py`).
"""
