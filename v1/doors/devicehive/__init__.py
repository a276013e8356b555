"""DeviceHive's authentication API: a pair of JWTs, and their renewal."""
