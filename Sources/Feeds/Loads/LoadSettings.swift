/// What one load may take, and how much it does at a time.
package struct LoadLimits: Sendable, Equatable {
    /// Largest record in bytes; one that is larger ends the file with an error.
    package var recordBytesMax = 8 << 20
    /// Largest ratio of inflated to compressed bytes; beyond it a file counts as a gzip bomb.
    package var inflationRatioMax = 200
    /// Largest inflated content in bytes: a terabyte.
    package var inflatedBytesMax = 1 << 40
    /// Records between two commits of a plain log file: about half a second of COPY.
    package var batchRows = 50_000

    package init() {}
}
