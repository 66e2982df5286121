"""The form of an object is the store's as well: what is relayed is what is kept."""

from mingtang.stores.media.objects import HEADER, MOST_BYTES, BadObject, Head, Kind, pack, read

__all__ = ["HEADER", "MOST_BYTES", "BadObject", "Head", "Kind", "pack", "read"]
