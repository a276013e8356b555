"""Builds the container image without a container engine: Debian's buildah and debootstrap, as root."""
