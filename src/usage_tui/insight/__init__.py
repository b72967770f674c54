"""What the usage means: how long it lasts, whether a batch fits, why a day was expensive, what to warn of.

Pure arithmetic above the ledger, without a clock and without I/O. Amounts are integers of millionths of the
organization's unit, and fractions of them where a mean does not come out even; never floats.
"""
