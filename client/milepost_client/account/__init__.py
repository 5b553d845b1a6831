"""The account's devices: letting one in, coming back with twelve words, a log under another account."""
