"""What can be wrong with a record (`reasons`), and how a dead letter is made of it (`record`)."""
