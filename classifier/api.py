"""The REST side of pictures: find, call one service, answer."""
