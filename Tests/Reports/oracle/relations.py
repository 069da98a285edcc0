"""The relations of money, in the manner of the reports: their columns and what tells rows apart."""
from .columns import Report


def relation(name, key, columns):
    return Report(name, None, key.split(), columns.split(), blank_is_null=True)


RELATIONS = {each.name: each for each in (
    relation("journal", "billing_event_id account currency booked_at", """
        recipient_account_id billing_event_id booked_at month account currency amount kind action
        invoice_id agreement_id product_id disbursement_id is_informative entry_amount"""),
    relation("trial_balance", "recipient_account_id currency account month", """
        recipient_account_id month currency account class opening debit credit closing"""),
    relation("invoice_to_cash", "recipient_account_id invoice_id currency", """
        recipient_account_id invoice_id currency invoiced_at due_at invoiced refunded forgiven
        due collected disbursed failed paid_again outstanding undisbursed last_collected_at
        last_disbursed_at days_to_collect days_to_cash days_overdue received other
        unknown_names"""),
    relation("ageing", "recipient_account_id currency age", """
        recipient_account_id currency age invoices outstanding oldest_due_at"""),
    relation("expected_disbursement", "recipient_account_id currency", """
        recipient_account_id currency amount last_paid_at usual_days expected_on"""),
    relation("monthly_totals", "recipient_account_id month product_id currency", """
        recipient_account_id month product_id currency billed taxes fees costs aws_taxes
        other_seller_taxes infrastructure adjustments other invoiced forgiven due collected
        received disbursed outstanding"""),
    relation("collection", "billing_event_id", """
        billing_event_id recipient_account_id collected_at invoice_id kind amount currency
        product_id agreement_id"""),
    relation("disbursement", "billing_event_id", """
        billing_event_id recipient_account_id paid_at amount currency status failed_at lines
        lines_amount difference"""),
    relation("disbursement_content", "billing_event_id", """
        disbursement_id paid_at bank_trace_id is_failed invoice_id kind amount currency
        paid_amount paid_currency product_id agreement_id invoiced_billing_event_id
        billing_event_id"""),
    relation("sales", "billing_event_id", """
        billing_event_id recipient_account_id month action kind amount currency is_owed
        invoice_id buyer_invoice_id product_id agreement_id"""),
    relation("unknown_entry", "billing_event_id", """
        billing_event_id recipient_account_id action transaction_type amount currency counts
        invoiced_at acted_at invoice_id product_id agreement_id disbursement_id"""),
)}

# Those that depend on the day on which they are read.
AS_OF_TODAY = ("invoice_to_cash", "ageing")
