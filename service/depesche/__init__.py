"""Depesche: German news articles in, verified English briefs out."""
