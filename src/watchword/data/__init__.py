"""Photos and captions in; examples, vocabulary, batches and stored features out."""
