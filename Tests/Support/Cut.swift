/// Ways to cut an input into chunks.
package enum Cut: Sendable, CaseIterable {
    case whole
    case everyTwo
    case byteByByte

    /// Every list of chunks that this way makes of an input.
    package func chunks(_ input: [UInt8]) -> [[ArraySlice<UInt8>]] {
        switch self {
        case .whole: [[input[...]]]
        case .everyTwo: (0...input.count).map { [input[..<$0], input[$0...]] }
        case .byteByByte: [input.indices.map { input[$0...$0] }]
        }
    }
}
