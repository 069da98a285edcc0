-- after: schema
-- Which line of which invoice an accounting entry belongs to.

-- Declared immutable because it stands in a generated column; to_char is not only for formats that
-- depend on the language, which this one does not.
create or replace function resolved.line_key(
    transaction_type text, recipient_account_id text, invoice_date timestamptz,
    buyer_invoice_id text, buyer_line_item_id text, invoice_id text, line_item_id text
) returns text
    language sql immutable parallel safe
    return coalesce(
        case
            when transaction_type = 'BALANCE_ADJUSTMENT' then
                'BALANCE_ADJUSTMENT:' || recipient_account_id || ':'
                    || to_char(invoice_date at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS" UTC"')
            when buyer_invoice_id is null then
                'NO_BUYER_INVOICE_FOR:' || invoice_id || ':' || line_item_id || ':'
                    || recipient_account_id
            else
                buyer_invoice_id || ':' || buyer_line_item_id || ':' || recipient_account_id
        end,
        '');

comment on function resolved.line_key(text, text, timestamptz, text, text, text, text) is
    'The buyer invoice''s line that an accounting entry belongs to, whatever its currency; balance adjustments and entries without a buyer invoice have lines of their own. Empty text where a part of it is missing: all those are one line.';
