"""Ordinary files of a lesson's voice and picture, made again from its log and its recorded tracks whenever they are
asked for: each track as it was sent, and one video of the whole lesson."""
