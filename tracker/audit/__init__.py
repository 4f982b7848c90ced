"""The record (留痕): the vocabulary of events, the one writer, the reader and the verifier.

An event is written in the transaction of the change it tells of; the chain of hashes makes later changes visible.
"""
