"""The commands, one module each; `cli` joins them."""
