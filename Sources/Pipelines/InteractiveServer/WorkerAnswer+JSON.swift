import Diagnostics
import FoundationEssentials
import Progress

extension WorkerAnswer: Codable {
    private enum Key: String, CodingKey {
        case v, id, event, requests, message
    }

    private enum Name: String, Codable {
        case ready, mask, encoded, dropped, cancelled, error
    }

    /// The answer as one JSON object in one line.
    package func jsonLine() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads what `jsonLine` wrote.
    package init(jsonLine: String) throws {
        self = try JSONDecoder().decode(WorkerAnswer.self, from: Data(jsonLine.utf8))
    }

    /// Reads an answer; throws when the event is not known.
    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: Key.self)
        id = try keyed.decodeIfPresent(WorkerID.self, forKey: .id)
        switch try? keyed.decode(Name.self, forKey: .event) {
        case .ready: event = .ready(try Ready(from: decoder))
        case .mask: event = .mask(try Mask(from: decoder))
        case .encoded: event = .encoded(try Encoded(from: decoder))
        case .dropped: event = .dropped
        case .cancelled:
            event = .cancelled(try keyed.decode([WorkerID].self, forKey: .requests))
        case .error: event = .error(try EightCutError(from: decoder))
        case nil: event = .job(try ProgressEvent(from: decoder))
        }
    }

    /// Writes the version, the request's name, the event's and its fields side by side.
    package func encode(to encoder: any Encoder) throws {
        var keyed = encoder.container(keyedBy: Key.self)
        try keyed.encode(ProgressEvent.jsonVersion, forKey: .v)
        try keyed.encodeIfPresent(id, forKey: .id)
        let name: Name
        switch event {
        case .job(let event): return try event.encode(to: encoder)
        case .ready(let fields):
            name = .ready
            try fields.encode(to: encoder)
        case .mask(let fields):
            name = .mask
            try fields.encode(to: encoder)
        case .encoded(let fields):
            name = .encoded
            try fields.encode(to: encoder)
        case .dropped: name = .dropped
        case .cancelled(let requests):
            name = .cancelled
            try keyed.encode(requests, forKey: .requests)
        case .error(let error):
            name = .error
            try error.encode(to: encoder)
            try keyed.encode("\(error)", forKey: .message)
        }
        try keyed.encode(name, forKey: .event)
    }
}
