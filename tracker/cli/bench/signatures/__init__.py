"""Signed and sealed files made up to be judged, by tests and by `flask bench signatures`.

Keys live in memory only; SM2 is signed by the openssl command, an implementation that is not ours.
"""
