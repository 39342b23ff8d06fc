"""What pages and API say of a reading and of the layers of the network. Nothing is stored here."""
