"""What today's partners will sell, estimated once on the whole client, and how such forecasts fared before."""
