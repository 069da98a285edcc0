/// Where files lie: S3, or a directory.
///
/// All calls block; a store belongs to the thread that loads from it.
package protocol FileStore: AnyObject {
    /// The version that a reader would get now.
    ///
    /// - Throws: ``StoreError`` when there is no such file or it may not be read.
    func newestVersion(of file: File) throws -> FileVersion

    /// Lends the stored bytes of exactly this version, in order, each once.
    ///
    /// - Throws: ``StoreError`` with kind ``StoreError/Kind/versionChanged`` when the file was
    ///   replaced meanwhile; whatever `body` throws, unchanged.
    func read(_ file: File, _ version: FileVersion, body: (RawSpan) throws -> Void) throws

    /// Every file whose key begins with the prefix, in no promised order.
    func list(
        _ location: Location, each: (_ key: String, _ version: FileVersion) throws -> Void) throws

    /// A line for each thing that the last listing passed over though it may be a file.
    var leftOut: [String] { get }
}

extension FileStore {
    package var leftOut: [String] { [] }
}

/// Why a store could not do what it was asked.
package struct StoreError: Error, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// There is no such file, or there is no longer.
        case missing
        /// Its bytes are in an archive until somebody has them restored.
        case archived
        case denied
        /// It is not in a place of the seller, and was not asked for.
        case foreign
        case versionChanged
        /// Trouble that passes: network, throttling, an outage.
        case unavailable
        /// The store gave bytes that it says itself are not the file's.
        case corrupt
        /// The operator asked the process to stop.
        case stopped
    }

    package let kind: Kind
    /// Where, what and what to do.
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
