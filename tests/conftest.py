"""Settings for every test: Hypothesis measures no time, because a busy machine is no bug."""

from hypothesis import settings

pytest_plugins = ["postgres"]

settings.register_profile("depesche", deadline=None)
settings.load_profile("depesche")
