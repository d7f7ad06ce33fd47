"""Never silently: what goes wrong becomes one card with a next step."""
