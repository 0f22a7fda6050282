"""Commit: the offsets of what has ended are committed, last of all.

in: `Done` by partition · out: nothing · can fail with: nothing about a record; a commit that fails for a minute raises.
"""
