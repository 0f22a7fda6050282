"""Wiredesk: a news wire in, a stream of facts out. Begin with ``topology.py``; docs/one-article.md follows one article."""

from importlib.metadata import version

__version__ = version("wiredesk")
