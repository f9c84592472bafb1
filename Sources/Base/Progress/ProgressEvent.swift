import Diagnostics
import Files
import FoundationEssentials

/// What a job reports while it runs. Every front end reads the same events.
///
/// All counts are absolute, so that a lost or repeated event does no harm. The last event of a
/// job is `finished` or `failed`.
package enum ProgressEvent: Sendable, Equatable {
    /// The job has begun.
    case started(Started)
    /// How far the job is.
    case progress(Progress)
    /// How far the job is while no further unit of it is finished: part of the work on units is done
    /// ahead.
    case work(Progress)
    /// A line of output of a child process.
    case output(Output)
    /// A file or folder is finished.
    case artifact(Artifact)
    /// Something the user should know; the job goes on.
    case warning(Warning)
    /// The job is done.
    case finished(Finished)
    /// The job has failed.
    case failed(EightCutError)

    package struct Started: Sendable, Equatable, Codable {
        /// The command, for example "masks saliency".
        package let job: String
        /// Path of the input.
        package let input: String
        /// Path of the output.
        package let output: String

        package init(job: String, input: String, output: String) {
            self.job = job
            self.input = input
            self.output = output
        }
    }

    package struct Progress: Sendable, Equatable, Codable {
        /// What is counted: "frame", "byte".
        package let unit: String
        /// How many are done.
        package let done: Int
        /// How many there are in all, if known.
        package let total: Int?
        /// Whether `total` is only what the container declares.
        package let totalIsEstimate: Bool
        /// How much work is done, in units; nil where that is `done`. A unit that is worked on
        /// ahead counts with a fraction.
        package let worked: Double?
        /// Units per second since the start.
        package let rate: Double?
        /// Seconds left at that speed.
        package let secondsLeft: Double?

        /// `ProgressMeter` fills in `rate` and `secondsLeft`.
        package init(
            unit: String = "frame",
            done: Int,
            total: Int?,
            totalIsEstimate: Bool,
            worked: Double? = nil,
            rate: Double? = nil,
            secondsLeft: Double? = nil
        ) {
            self.unit = unit
            self.done = done
            self.total = total
            self.totalIsEstimate = totalIsEstimate
            self.worked = worked
            self.rate = rate
            self.secondsLeft = secondsLeft
        }

        /// The part of the work that is done, 0…1; nil where the total is not known.
        package var part: Double? {
            guard let total, total > 0 else { return nil }
            return min(1, max(0, (worked ?? Double(done)) / Double(total)))
        }
    }

    /// A line of output of a child process, such as pip, or of a result.
    package struct Output: Sendable, Equatable, Codable {
        /// The line, without its end.
        package let line: String
        /// Whether programs read the line, so that it is written as it is, whatever is in it.
        private let isData: Bool

        private enum CodingKeys: String, CodingKey { case line }

        package init(line: String, isData: Bool = false) {
            (self.line, self.isData) = (line, isData)
        }

        package init(from decoder: any Decoder) throws {
            let keyed = try decoder.container(keyedBy: CodingKeys.self)
            self.init(line: try keyed.decode(String.self, forKey: .line))
        }

        /// The line as it is written.
        var text: String { isData ? line : visible(line) }
    }

    package struct Artifact: Sendable, Equatable, Codable {
        /// "masks", "preview", "environment".
        package let kind: String
        package let path: String

        package init(kind: String, path: String) {
            self.kind = kind
            self.path = path
        }
    }

    package struct Warning: Sendable, Equatable {
        /// An identifier for programs: "inputDamaged", "emptyMasks".
        package let code: String
        /// A sentence for people, so that it can be translated.
        package let text: MessageText
        /// The sentence in English.
        package var message: String { text.english }

        package init(code: String, message: MessageText) {
            self.code = code
            text = message
        }

        @_disfavoredOverload
        package init(code: String, message: String) {
            self.init(code: code, message: MessageText(message))
        }

        /// Whether it is written even with `--quiet`: content was set aside, is not there, or is the
        /// reason why a command fails.
        package var isAlert: Bool {
            ["damagedList", "inputDamaged", "silentAudio", "rejectedClip"].contains(code)
        }
    }

    package struct Finished: Sendable, Equatable, Codable {
        /// How many frames the result has.
        package let frames: Int
        /// Seconds that the job took, to a tenth.
        package let seconds: Double
        /// The exit status of the process; not 0 after some warnings.
        package let exitStatus: Int32
        /// A sentence for people.
        package let summary: String

        package init(frames: Int, seconds: Double, exitStatus: Int32, summary: String) {
            self.frames = frames
            self.seconds = (seconds * 10).rounded() / 10
            self.exitStatus = exitStatus
            self.summary = summary
        }
    }
}

extension ProgressEvent.Warning: Codable {
    private enum Key: String, CodingKey { case code, message, text }

    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: Key.self)
        code = try keyed.decode(String.self, forKey: .code)
        text =
            try keyed.decodeIfPresent(MessageText.self, forKey: .text)
            ?? MessageText(try keyed.decode(String.self, forKey: .message))
    }

    package func encode(to encoder: any Encoder) throws {
        var keyed = encoder.container(keyedBy: Key.self)
        try keyed.encode(code, forKey: .code)
        try keyed.encode(message, forKey: .message)
        if !text.values.isEmpty { try keyed.encode(text, forKey: .text) }
    }
}

extension ProgressEvent {
    /// The version of the JSON that `jsonLine` writes.
    package static let jsonVersion = 1

    /// The event as one JSON object in one line: `v`, `event`, and the event's own fields.
    package func jsonLine() throws -> String {
        try JSONText.line(self)
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
        case started, progress, work, output, artifact, warning, finished, failed
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
        case .work: self = .work(try Progress(from: decoder))
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
            case .work(let fields): (.work, fields)
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
