"""One migration a file, numbered in their order. A migration that was released is never changed."""
