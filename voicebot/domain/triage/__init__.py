"""Is it urgent? The doctors' rules, and how words, clauses, doubts and figures are matched against them.

`judging.judge` is the door; `rules` are what a doctor writes, as values.
"""
