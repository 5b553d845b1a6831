"""The shape of `data` in what `--json` prints, a file a family. Documentation and tests read it; commands do not."""
