"""Webhooks, the JSON API and the operators' pages."""
