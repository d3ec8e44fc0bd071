"""The parts of the host: the wire, errors, our resources, and other people's."""
