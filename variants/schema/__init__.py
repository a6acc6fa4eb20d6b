"""Tables and the id mapping that several designs share."""
