"""What do we do about it? `fold.step` is the door: state and event in, state and effects out.

A folder of its own, like `french`, `triage` and `understanding`: sixty files side by side told nobody where
a sentence goes.
"""
