"""Hypothesis without deadlines: how long an example takes depends on who else uses the machine."""

from hypothesis import settings

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
