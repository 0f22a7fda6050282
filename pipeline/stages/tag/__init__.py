"""What the article says: entities, dates and PLOVER events, with their positions in the text.

In: `CleanArticle`. Out: `Tagged` (a finished `TaggedArticle`), one for one and in the same order.

Can fail with TAG_FAILED (the language model failed on this article alone) and, with ``strict``, with ENTITIES_FAILED,
DATES_FAILED, EVENTS_FAILED. Without ``strict`` these three are noted in ``problems``, like TAGGED_PARTLY and
LANGUAGE_NOT_SUPPORTED.
"""
