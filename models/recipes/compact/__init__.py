"""The recipe of the compact German→English translator: from a small base and a data folder to a model that ships."""
