"""A drill: does a notification of each alarm arrive where it should?"""
