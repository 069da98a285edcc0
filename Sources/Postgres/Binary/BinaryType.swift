// Text to COPY BINARY, one file per Postgres type. The reason for this folder: COPY BINARY of a
// million 480-byte rows takes 3.7 s where text CSV COPY takes 11.7 s.
//
// One value that the server refuses aborts a whole COPY, so each encoder refuses exactly what the
// server's own input function refuses, and a little more: the forms of a value that no feed uses
// and that would need code of their own are listed at the top of each file as "Narrower than the
// server". What is accepted has the value that the server's cast of the same text has, but for the
// realities of the source, which are named rules:
//
//   empty field      NULL for every type                          BinaryRow.append(_:as:)
//   the word null    NULL for every type but text and jsonb       BinaryType.readsNullWord
//   no time zone     UTC                                          Timestamp
//   timestamp as date  its day in UTC                             Date
//   1,234.56         thousands in perfect groups                  Numeric, Integer
//   12:30:00,5       a comma before the decimals of a second      InstantText

/// The column types that fields can be encoded for.
package enum BinaryType: Sendable, Hashable, CaseIterable {
    case text
    case boolean
    case smallint
    case integer
    case bigint
    case numeric
    case doublePrecision
    case timestamptz
    case date
    case uuid
    case jsonb

    /// The type with an OID of `pg_type`; nil when there is no encoder for it.
    package init?(oid: UInt32) {
        switch oid {
        case 25, 1043: self = .text  // 1043 is varchar
        case 16: self = .boolean
        case 21: self = .smallint
        case 23: self = .integer
        case 20: self = .bigint
        case 1700: self = .numeric
        case 701: self = .doublePrecision
        case 1184: self = .timestamptz
        case 1082: self = .date
        case 2950: self = .uuid
        case 3802: self = .jsonb
        default: return nil
        }
    }

    /// Whether the bare word `null`, in any case, is NULL.
    ///
    /// The exports write it for missing values. As text it may be someone's name, and in jsonb it
    /// is a value of its own.
    var readsNullWord: Bool { self != .text && self != .jsonb }
}
