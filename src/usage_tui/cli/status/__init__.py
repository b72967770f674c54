"""`usage-tui status`: one line for prompts and status bars, from a file of a few numbers.

Nothing here may be imported that a line does without: no pydantic, httpx, Textual or asyncio.
"""
