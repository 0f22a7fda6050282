"""Write: what a part ended as goes to its topic, and is acknowledged before anything is called done.

in: `EncodedRecord`, `Failure`, `Dropped`, `Gap` · out: one `Done` a part or gap, in `finish_bundle`, after every send
of the bundle was acknowledged · can fail with: nothing about a record; a send that fails raises.
"""
