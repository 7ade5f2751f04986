"""The embedded AWS: an emulator, a double of the AWS provider, and ways to deploy a stack to it."""
