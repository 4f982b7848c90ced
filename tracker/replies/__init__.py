"""Replies (整改情况报告): rounds, evidence, the signed and sealed scan, submission and review."""
