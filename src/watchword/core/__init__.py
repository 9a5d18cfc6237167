"""What every room shares: types, errors, registries, settings. Nothing heavy is imported here."""
