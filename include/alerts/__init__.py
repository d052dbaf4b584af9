"""What a person is told by mail: finding it, wording it, sending it."""
