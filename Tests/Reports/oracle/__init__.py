"""The five seller reports, evaluated over delivered files and nothing else.

Written from the description of the reports, for comparing a database with: it shares no code
with the product, and it prefers to be read to being quick. Standard library only.

    python3 -m oracle evaluate FOLDER RESULTS     all five reports as RESULTS/<name>.csv
    python3 -m oracle columns REPORT              its columns, one a line
    python3 -m oracle compare REPORT A.csv B.csv  what differs

Where the description leaves a choice, a comment that begins with "Reading:" says which was made.
"""
