"""Checks that compare an English text with the German that it claims to render; translate and verify both use them."""
