"""Looking after a log: what is sound, what is not, and a whole one made of the sound parts."""
