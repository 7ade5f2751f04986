"""A stack's settings: what may be configured, with errors that say what to write instead."""

from settings.check import warnings
from settings.errors import SettingsError, SettingsProblem
from settings.load import Settings
from settings.region import RegionSettings

__all__ = ["RegionSettings", "Settings", "SettingsError", "SettingsProblem", "warnings"]
