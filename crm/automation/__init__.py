"""Rules over events: when this happens, if that holds, then do it, once, and explained."""
