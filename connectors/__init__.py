"""One folder per upstream; `hub.registry` finds them, nothing lists them."""
