"""The components as a plugin, for programs in Pulumi's other languages."""

from ecs_monitoring.plugin import main

main()
