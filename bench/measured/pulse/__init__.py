"""An activity for measuring: the smallest thing that goes the whole way from a command to every screen."""
