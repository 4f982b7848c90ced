"""Bulletins of made-up months: every figure against an independent count, every figure altered by one."""
