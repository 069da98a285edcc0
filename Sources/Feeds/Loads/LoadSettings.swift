/// What one load may take, and how much it does at a time.
package struct LoadLimits: Sendable, Equatable {
    /// Largest record in bytes; one that is larger ends the file with an error.
    package var recordBytesMax = 8 << 20
    /// What the largest records of all files that are loaded at a time take together, unless an
    /// operator sets the limit of a record: the memory of a process is some ten times that.
    package static let recordBytesBudget = 32 << 20
    /// Largest header in bytes: forty times the longest that AWS documents.
    var headerBytesMax = 64 << 10
    /// Largest ratio of inflated to compressed bytes; beyond it a file counts as a gzip bomb.
    package var inflationRatioMax = 200
    /// Largest inflated content in bytes: a terabyte.
    package var inflatedBytesMax = 1 << 40
    /// Records between two commits of a plain log file: about half a second of COPY.
    package var batchRows = 50_000

    package init() {}
}
