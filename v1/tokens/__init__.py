"""Tokens: their texts and signatures; issuing, finding and revoking them; token families, rights and stream grants."""
