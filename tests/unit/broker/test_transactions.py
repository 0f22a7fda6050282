from kafka.errors import KafkaError, KafkaTimeoutError, ProducerFencedError

from pipeline.broker.transactions import is_fenced


def test_fencing_is_known_also_as_the_cause_of_a_later_refusal():
    assert is_fenced(ProducerFencedError("x"))
    assert is_fenced(KafkaError("Cannot perform send because a previous request has failed", ProducerFencedError("x")))
    assert not is_fenced(KafkaError("Cannot perform send because a previous request has failed", KafkaTimeoutError()))
