"""Simpul Aduan: the hub that keeps a city's complaint channels in step."""
