"""The meeting place of Milepost: ingest, projections, disclosure to readers, and the dashboard.

Never imports `milepost_client`; what the two ends agree on lives in `milepost`.
"""
