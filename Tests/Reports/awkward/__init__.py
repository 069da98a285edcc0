"""A small seller in whose data everything happens that the reports have a rule for.

Usage: python3 -m awkward SEED FOLDER [--orphans]

Unlike the simulator, which writes what a marketplace would, this writes what the rules allow:
nulls anywhere, corrections and deletions, revisions at the very instants that are looked up,
accounts that share a number, payouts that fail. Few ids and few instants, so that they meet.
One seed is one folder. With --orphans some events name a payout that was never delivered, whose
last disbursement the rules leave open.
"""
