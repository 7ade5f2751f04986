"""An alarm over a history, both as files: would it have fired?"""
