/// Why an input is not CSV, and where: the first fault of the input, whatever the chunks were.
package struct CSVError: Error, Equatable, Sendable {
    /// The rule that was broken; sections are those of RFC 4180.
    package enum Kind: Equatable, Sendable {
        /// A quote inside a field that does not begin with one (section 2.5).
        case strayQuote
        /// A byte other than a quote, comma or line end right after a closing quote (2.5).
        case textAfterClosingQuote
        /// A CR outside quotes with no LF after it (2.1: lines end in CRLF, and here also LF).
        case bareCarriageReturn
        /// The input ended inside quotes; the error stands at the opening quote (2.5).
        case unterminatedQuote
        /// A record longer than `bytesMax`; the error stands at the record's first byte.
        case recordTooLong(bytesMax: Int)
        /// More than `fieldsMax` fields; the error stands at the comma that begins one too many.
        case tooManyFields(fieldsMax: Int)
    }

    /// What is wrong.
    package let kind: Kind
    /// Physical line of the fault, from 1; lines are counted by LF, inside quotes too.
    package let line: Int
    /// Offset of the fault in the whole input, in bytes from 0.
    package let byteOffset: Int
    /// Field of the fault within its record, from 0.
    package let field: Int

    /// A fault of `kind` at a place.
    package init(_ kind: Kind, line: Int, byteOffset: Int, field: Int) {
        self.kind = kind
        self.line = line
        self.byteOffset = byteOffset
        self.field = field
    }
}

extension CSVError: CustomStringConvertible {
    /// Where, what, and what to do; the field is counted from 1, as a person does.
    package var description: String {
        "line \(line), byte \(byteOffset), field \(field + 1): \(complaint)"
    }

    /// What is wrong with the record, without its place, after the words "the record".
    package var reason: String {
        switch kind {
        case .strayQuote: "has a quote inside an unquoted field"
        case .textAfterClosingQuote: "has text after a closing quote"
        case .bareCarriageReturn: "has a carriage return without a line feed"
        case .unterminatedQuote: "has a quote that is never closed"
        case .recordTooLong(let bytesMax): "is longer than \(bytesMax) bytes"
        case .tooManyFields(let fieldsMax): "has more than \(fieldsMax) fields"
        }
    }

    private var complaint: String {
        switch kind {
        case .strayQuote:
            "a quote inside an unquoted field; enclose the whole field in quotes and double this one"
        case .textAfterClosingQuote:
            "text after a closing quote; end the field here, or double the quote before it"
        case .bareCarriageReturn:
            "a carriage return without a line feed; end lines with LF or CRLF, or quote the field"
        case .unterminatedQuote:
            "this quote is never closed; the input is cut short, or a quote is missing"
        case .recordTooLong(let bytesMax):
            "the record that starts here is longer than \(bytesMax) bytes; "
                + "look for a quote that is never closed, or raise the limit"
        case .tooManyFields(let fieldsMax):
            "more than \(fieldsMax) fields, which no table can hold; look for a missing line end"
        }
    }
}
