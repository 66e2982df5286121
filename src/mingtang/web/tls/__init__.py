"""https without a proxy: certificates that were given, or those of an own authority kept in the data folder."""
