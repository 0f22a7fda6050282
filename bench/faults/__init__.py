"""What the delivery promises, while everything around it fails: ``python -m bench.faults``, on Apache Kafka itself.

Each row makes topics of its own, sends articles, lets one thing fail again and again while `wiredesk run` works them
off, and counts at the end what a read_committed reader finds in the topics and in the Avro files of the archive:

===========  ===========================================================================================================
lost         articles (or, of poison, dead letters) that are in the input and not in each output and archive
repeated     copies beyond the first, in the topics / in the archive
undecodable  records that the published schema does not read
disordered   articles that stand behind a later one of the same key
===========  ===========================================================================================================

Moments are drawn from ``--seed``. `scene` is one row's topics and the run under test, `faults` what happens to it,
`count` what came out. Needs what `make kafka` needs; a row that this machine cannot have says so.
"""
