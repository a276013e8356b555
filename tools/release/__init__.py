"""What a release is checked and described with: a reproducible wheel, a bill of materials, an audit."""
