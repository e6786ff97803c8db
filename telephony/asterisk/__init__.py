"""The telephone side: Asterisk holds the caller, the service is one leg that may die without them.

`media` is one leg's sound, `legs` a call over its legs, `ami` carries decisions, `ari` tells who is there.
"""
