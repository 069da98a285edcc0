"""The five seller reports and the relations of money, evaluated over delivered files only.

Written from the description of the reports and from docs/money.md, for comparing a database
with: it shares no code with the product, and it prefers to be read to being quick. Standard
library only.

    python3 -m oracle evaluate FOLDER RESULTS     all five reports as RESULTS/<name>.csv
    python3 -m oracle money FOLDER RESULTS        all relations of money, likewise
    python3 -m oracle identities RESULTS          whether those agree with each other
    python3 -m oracle columns REPORT              its columns, one a line
    python3 -m oracle compare REPORT A.csv B.csv  what differs

REPORT may be a relation of money. Where the description leaves a choice, a comment that begins
with "Reading:" says which was made.
"""
