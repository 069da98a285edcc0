"""Line rows that agree in everything after the look-ups are one."""


def distinct(rows):
    """Of (line row, columns): the columns, once for equal ones."""
    found = {}
    for row, columns in rows:
        found.setdefault((remainder(row), tuple(columns.items())), columns)
    return found.values()


def remainder(row):
    """What keeps line rows apart that would read the same.

    Reading: everything that is counted or shared within the row, but for the buyer's reference
    id, which is not carried on beside *reference*, and for what the look-ups replace: product
    id, offer id, and the usage period, of which a placeholder offer leaves nothing.
    """
    buckets = sorted(
        {bucket for event in row.events for bucket in event.buckets})
    return (
        row.line, row.side, row.event.line_key, row["disbursement_billing_event_id"],
        row["recipient_account_id"], row["end_user_account_id"], row.acceptor_id,
        row.proposer_id, row.billing_address_id, row.disbursement_type, row.is_isv_wholesale,
        row.event.disbursement_currency, row["currency"],
        tuple((bucket, sums[bucket]) for sums in (row.pricing, row.disbursement)
              for bucket in buckets if sums[bucket] != 0),
    )
