"""The offline end of Milepost: the command line, the local log, and the views folded from it.

Never imports `milepost_server`; what the two ends agree on lives in `milepost`.
"""
