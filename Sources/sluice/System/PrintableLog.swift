internal import Logging

/// A log whose lines cannot steer the terminal: keys and values that others chose come into it.
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
        event.message = "\(event.message.description.printable)"
        event.metadata = event.metadata?.mapValues { "\($0.description.printable)" }
        destination.log(event: event)
    }
}
