"""An AWS on this machine, for the demo, the tests and the bench.

It is moto behind an HTTP port, with three things added: it answers as AWS does where moto has no
answer or a wrong one (`gaps`), it fails on request (`faults`), and it counts requests (`recorder`).
Everything in this package needs the `demo` extra, so import it where it is used.
"""
