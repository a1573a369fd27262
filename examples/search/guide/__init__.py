"""A small search over trail guides: word vectors first, keyword re-ranking after."""
