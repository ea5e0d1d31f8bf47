"""From what a check knows to the replacement that mends it: one file a concern, `Fix | None` each.

Nothing here looks at text or tree: the functions read facts and linked values, and name a replacement
out of the closed union. Where the code at hand does not decide what is right, they give None.
"""
