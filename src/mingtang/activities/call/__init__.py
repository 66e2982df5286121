"""A fair random call: everybody once before anybody twice, room and remote alike."""
