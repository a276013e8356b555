"""DeviceHive's authentication API: issues pairs of JWTs and renews access tokens."""
