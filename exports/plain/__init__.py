"""Rules and graphs as plain JSON with a published schema, for systems that nobody thought of."""
