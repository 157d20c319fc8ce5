"""Facts about the world: travel times, road graphs, territories, addresses, importers and the sample city."""
