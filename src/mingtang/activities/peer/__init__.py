"""Peer instruction: vote alone, talk in pairs who disagree, vote again, and see what talking changed."""
