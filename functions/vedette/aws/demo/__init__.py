"""A small company's account, made up to be audited: that of Harbour Lane Books, an online bookshop.

Each module creates one part of it, good and bad, through the same API that AWS has. Everything in
this package needs the `demo` extra, so import it where it is used.
"""
