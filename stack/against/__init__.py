"""What a deployment of a stack would change, in words, from two previews."""
