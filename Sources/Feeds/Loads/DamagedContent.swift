internal import CSV

/// A file stops at a record that cannot be read, and nobody knows for certain where it ends.
struct DamagedContent: Error {
    let fault: CSVError
    /// Physical line on which the damaged record begins.
    let firstLine: Int
    /// The next line on which a sound record begins, as far as was looked; `nil` where there is
    /// none, or the header itself is damaged.
    let nextLine: Int?
    /// The name of the file's seller.
    var seller: String?

    /// How an operator says where the file goes on, as a sentence with a command to paste.
    func advice(for file: File) -> String {
        guard let nextLine else { return "" }
        let lines =
            nextLine == firstLine + 1
            ? "line \(firstLine) is" : "lines \(firstLine) to \(nextLine - 1) are"
        let seller = seller.map { " --seller \($0.shellWord)" } ?? ""
        return
            ". The damage begins on line \(firstLine), and nothing says where it ends. Look at the "
            + "file; if it is sound from line \(nextLine) on: sluice reload "
            + "--file \(file.description.shellWord)\(seller) --from-line \(nextLine) "
            + "--because '\(lines) damaged'"
    }
}

extension DamagedContent {
    // A record of AWS's has less than a kilobyte, and damage is rarely more than a line.
    private static let windowBytes = 64 << 10
    private static let linesMax = 100

    /// Looks where the file may go on.
    ///
    /// - Parameters:
    ///   - fault: the fault.
    ///   - line: physical line on which the damaged record begins.
    ///   - earlier: its bytes from earlier chunks.
    ///   - rest: what follows them.
    ///   - isWhole: whether nothing comes behind that.
    ///   - fieldCount: fields of the header; `nil` where it is the header that is damaged.
    init(
        _ fault: CSVError, line: Int, earlier: [UInt8], rest: RawSpan, isWhole: Bool,
        fieldCount: Int?
    ) {
        self.fault = fault
        firstLine = line
        guard let fieldCount else {
            nextLine = nil
            return
        }
        var window = Array(earlier.prefix(Self.windowBytes))
        let count = min(Self.windowBytes - window.count, rest.byteCount)
        rest.extracting(0..<count).withUnsafeBytes { window.append(contentsOf: $0) }
        let isWhole = isWhole && earlier.count + rest.byteCount == window.count
        nextLine = Self.soundLine(behind: line, in: window, isWhole: isWhole, fieldCount)
    }

    /// The first line behind the first one on which a sound record begins; where the window ends too
    /// early to tell, one with which nothing is wrong so far.
    private static func soundLine(
        behind firstLine: Int, in window: [UInt8], isWhole: Bool, _ fieldCount: Int
    ) -> Int? {
        var start = 0
        var undecided: Int?
        for line in (firstLine + 1)...(firstLine + linesMax) {
            guard let end = window[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            start = end + 1
            let record = FirstRecord(fieldCount: fieldCount, line: line)
            record.take(window.span.bytes.extracting(start..<window.count))
            if isWhole { record.finish() }
            switch record.verdict {
            case .sound: return line
            case .unsound: break
            case nil: if start < window.count, !isWhole { undecided = undecided ?? line }
            }
        }
        return undecided
    }
}

/// Whether content begins with a sound record; no more than that is read.
final class FirstRecord {
    enum Verdict {
        case sound
        /// Why not, with the words "it has" or a place before it.
        case unsound(String)
    }

    /// `nil` until it is known.
    private(set) var verdict: Verdict?
    private var reader: CSVReader
    private let fieldCount: Int

    private struct Judged: Error {}

    /// - Parameters:
    ///   - fieldCount: fields of a sound record.
    ///   - line: physical line of the first byte that comes.
    ///   - byteOffset: how many bytes of the content are before it, at least a header's.
    ///   - recordBytesMax: longest record in bytes.
    init(fieldCount: Int, line: Int, byteOffset: Int = 1, recordBytesMax: Int = 8 << 20) {
        self.fieldCount = fieldCount
        reader = CSVReader(
            recordBytesMax: recordBytesMax, startingAtLine: line, byteOffset: byteOffset)
    }

    func take(_ span: RawSpan) {
        judge { try reader.read(span, $0) }
    }

    /// Nothing more will come.
    func finish() {
        judge { try reader.finish($0) }
    }

    private func judge(_ read: (CSVReader.Body) throws -> Void) {
        guard verdict == nil else { return }
        do {
            try read { record, _, _ in
                verdict =
                    record.count == fieldCount
                    ? .sound
                    : .unsound(
                        "it has \(record.count) fields where the header has \(fieldCount)")
                throw Judged()
            }
        } catch let fault as CSVError {
            verdict = .unsound("\(fault)")
        } catch {
            // Judged: a reader must not be used again then, and is not.
        }
    }
}
