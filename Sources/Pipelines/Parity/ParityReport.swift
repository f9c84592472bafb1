import Files
import FoundationEssentials
import SystemPackage

/// What came of holding the native engine against the reference.
package struct ParityReport: Sendable, Equatable, Codable {
    /// Version of this form.
    package private(set) var v = 1
    /// The checkpoint.
    package let model: String
    /// What the native engine computed in.
    package let precision: String
    /// What it ran on.
    package let device: String
    /// How far they must agree.
    package let limits: Limits
    /// A line for every frame.
    package let frames: [FrameComparison]
    /// What the native engine took.
    package let native: EngineTiming
    /// What the reference took.
    package let reference: EngineTiming

    /// How far engines must agree.
    package struct Limits: Sendable, Equatable, Codable {
        /// Masks must overlap so far in every frame.
        package let leastOverlap: Double
        /// Depth or logits may differ so much in any frame, as a part of their range; nil when
        /// they may differ.
        package let mostError: Double?
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
    package var agrees: Bool {
        !frames.isEmpty && worstOverlap >= limits.leastOverlap
            && worstError <= limits.mostError ?? .infinity
    }

    var worstOverlap: Double { frames.map(\.leastOverlap).min() ?? 0 }
    var worstError: Double { frames.map(\.mostError).max() ?? 0 }

    /// Writes the report as JSON.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    package func write(to path: FilePath) throws {
        struct File: Encodable {
            let report: ParityReport
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
