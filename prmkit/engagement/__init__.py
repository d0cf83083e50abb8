"""One client's settings: engagement.yaml as a checked model."""

from prmkit.engagement.documented import settings_page
from prmkit.engagement.faults import EngagementFaults, SettingFault
from prmkit.engagement.loading import FILE, dump, load_engagement, parse_engagement
from prmkit.engagement.model import Economics, Engagement, Goal, Privacy, Promise, Prune, Reach, SourceSettings
from prmkit.engagement.words import Channel, Measure

__all__ = [
    "FILE",
    "Channel",
    "Economics",
    "Engagement",
    "EngagementFaults",
    "Goal",
    "Measure",
    "Privacy",
    "Promise",
    "Prune",
    "Reach",
    "SettingFault",
    "SourceSettings",
    "dump",
    "load_engagement",
    "parse_engagement",
    "settings_page",
]
