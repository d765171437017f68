"""One command of ``scoreproof`` per file: its help, its arguments, what it does.

Modules here are imported to parse a command line, so they import nothing heavy at the top.
"""
