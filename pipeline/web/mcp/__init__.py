"""The records of an OUTPUT as tools of the Model Context Protocol, for assistants on this machine."""
