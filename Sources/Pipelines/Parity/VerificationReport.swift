import Files
import FoundationEssentials
import SystemPackage

/// What came of holding the native engine against the reference.
public struct VerificationReport: Sendable, Equatable, Codable {
    /// Version of this form.
    public private(set) var v = 1
    /// The checkpoint.
    public let model: String
    /// What the native engine computed in.
    public let precision: String
    /// What it ran on.
    public let device: String
    /// How far they must agree.
    public let limits: Limits
    /// A line for every frame.
    public let frames: [FrameComparison]
    /// What the native engine took.
    public let native: EngineTiming
    /// What the reference took.
    public let reference: EngineTiming

    /// How far engines must agree.
    public struct Limits: Sendable, Equatable, Codable {
        /// Masks must overlap so far in every frame.
        public let leastOverlap: Double
        /// Depth or logits may differ so much in any frame, as a part of their range; nil when
        /// they may differ.
        public let mostError: Double?
    }

    init(
        model: String,
        precision: String,
        device: String,
        limits: Limits,
        frames: [FrameComparison],
        native: EngineTiming,
        reference: EngineTiming
    ) {
        self.model = model
        self.precision = precision
        self.device = device
        self.limits = limits
        self.frames = frames
        self.native = native
        self.reference = reference
    }

    /// Whether the engines agree in every frame.
    public var agrees: Bool {
        !frames.isEmpty && worstOverlap >= limits.leastOverlap
            && worstError <= limits.mostError ?? .infinity
    }

    var worstOverlap: Double { frames.map(\.leastOverlap).min() ?? 0 }
    var worstError: Double { frames.map(\.mostError).max() ?? 0 }

    /// Writes the report as JSON.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    public func write(to path: FilePath) throws {
        struct File: Encodable {
            let report: VerificationReport
            func encode(to encoder: any Encoder) throws {
                try report.encode(to: encoder)
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode(report.agrees, forKey: .agrees)
            }
            enum Keys: CodingKey { case agrees }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(File(report: self)), as: UTF8.self)
        try AtomicFile.write(text + "\n", to: path)
    }
}
