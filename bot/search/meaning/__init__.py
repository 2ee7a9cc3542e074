"""What words and texts mean: senses, word vectors, the sentence model."""
