"""What a person does with pictures: have them looked at, correct, share. Pages and API come through here."""
