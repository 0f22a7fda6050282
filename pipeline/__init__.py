"""Wiredesk: a news wire in, a stream of facts out. Begin with ``topology.py``, then docs/one-article.md."""

from importlib.metadata import version

__version__ = version("wiredesk")
