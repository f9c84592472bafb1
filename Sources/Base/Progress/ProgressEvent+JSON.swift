import Diagnostics
import FoundationEssentials

extension ProgressEvent {
    /// Version of the JSON that `jsonLine` writes.
    package static let jsonVersion = 1

    /// The event as one JSON object in one line: `v`, `event`, and the event's own fields.
    package func jsonLine() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads what `jsonLine` wrote.
    package init(jsonLine: String) throws {
        self = try JSONDecoder().decode(ProgressEvent.self, from: Data(jsonLine.utf8))
    }
}

extension ProgressEvent: Codable {
    private enum Key: String, CodingKey {
        case v, event
    }

    private enum Name: String, Codable {
        case started, progress, output, artifact, warning, finished, failed
    }

    /// Reads an event; throws when the version is another one or the event is not known.
    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: Key.self)
        let version = try keyed.decode(Int.self, forKey: .v)
        guard version == Self.jsonVersion else {
            throw DecodingError.dataCorruptedError(
                forKey: .v,
                in: keyed,
                debugDescription: "version \(version) is not known"
            )
        }
        switch try keyed.decode(Name.self, forKey: .event) {
        case .started: self = .started(try Started(from: decoder))
        case .progress: self = .progress(try Progress(from: decoder))
        case .output: self = .output(try Output(from: decoder))
        case .artifact: self = .artifact(try Artifact(from: decoder))
        case .warning: self = .warning(try Warning(from: decoder))
        case .finished: self = .finished(try Finished(from: decoder))
        case .failed: self = .failed(try EightCutError(from: decoder))
        }
    }

    /// Writes the version, the event's name and its fields side by side.
    package func encode(to encoder: any Encoder) throws {
        var keyed = encoder.container(keyedBy: Key.self)
        try keyed.encode(Self.jsonVersion, forKey: .v)
        let (name, fields): (Name, any Encodable) =
            switch self {
            case .started(let fields): (.started, fields)
            case .progress(let fields): (.progress, fields)
            case .output(let fields): (.output, fields)
            case .artifact(let fields): (.artifact, fields)
            case .warning(let fields): (.warning, fields)
            case .finished(let fields): (.finished, fields)
            case .failed(let fields): (.failed, fields)
            }
        try keyed.encode(name, forKey: .event)
        try fields.encode(to: encoder)
    }
}
