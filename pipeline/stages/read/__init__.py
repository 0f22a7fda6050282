"""Read: a Kafka topic becomes `RawRecord`s and `Gap`s.

in: the partitions of ``input_topic`` · out: one `RawRecord` a Kafka record, one `Gap` for each run of offsets that hold
none; together their ranges are seamless · can fail with: nothing about a record; a broker that is gone raises.
"""
