internal import Feeds
internal import Logging

/// A log whose lines cannot steer the terminal, nor be forged, nor be of any length: keys and values
/// that others chose come into it.
struct PrintableLog: LogHandler {
    private var destination: StreamLogHandler

    init(_ destination: StreamLogHandler) {
        self.destination = destination
    }

    var logLevel: Logger.Level {
        get { destination.logLevel }
        set { destination.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { destination.metadata }
        set { destination.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { destination[metadataKey: key] }
        set { destination[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(Self.shown(event.message.description, Self.messageCharactersMax))"
        event.metadata = event.metadata?.mapValues {
            "\(Self.shown($0.description, Self.valueCharactersMax))"
        }
        destination.log(event: event)
    }

    // What is longer is in a table, whole.
    private static let messageCharactersMax = 2_000
    private static let valueCharactersMax = 500

    private static func shown(_ text: String, _ charactersMax: Int) -> String {
        let scalars = text.unicodeScalars
        let cut = String(String.UnicodeScalarView(scalars.prefix(charactersMax)))
        let isCut = scalars.dropFirst(charactersMax).first != nil
        return cut.printableLine + (isCut ? "…" : "")
    }
}
