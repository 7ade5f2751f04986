"""An application of the project's own, with a management command."""
