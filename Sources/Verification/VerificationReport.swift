import Files
import FoundationEssentials
import Jobs
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
    /// Whether the checkpoint gives metres.
    public let isMetric: Bool
    /// A line for every frame.
    public let frames: [FrameComparison]
    /// What the native engine took.
    public let native: EngineTiming
    /// What the reference took.
    public let reference: EngineTiming

    /// Masks must overlap so far in every frame.
    public static let leastOverlap = 0.99
    /// Depth may differ so much in any frame, as a part of its range, in 32-bit arithmetic.
    public static let mostDepthError = 1e-3

    init(
        model: String,
        precision: String,
        device: String,
        isMetric: Bool,
        frames: [FrameComparison],
        native: EngineTiming,
        reference: EngineTiming
    ) {
        self.model = model
        self.precision = precision
        self.device = device
        self.isMetric = isMetric
        self.frames = frames
        self.native = native
        self.reference = reference
    }

    /// Whether depth is held to its limit too. In `fp16` and `int8` it may differ as long as the
    /// masks do not; metres are turned into inverse depth before they are enlarged here, and after
    /// that by the script, which shows at edges.
    private var isDepthHeld: Bool { precision == "fp32" && !isMetric }

    /// Whether the engines agree in every frame.
    public var agrees: Bool {
        !frames.isEmpty && worstOverlap >= Self.leastOverlap
            && (!isDepthHeld || worstDepthError <= Self.mostDepthError)
    }

    private var worstOverlap: Double { frames.map(\.maskOverlap).min() ?? 0 }
    private var worstDepthError: Double { frames.map(\.depthError).max() ?? 0 }

    /// One line that says it all.
    public var verdict: String {
        let masks = "mask IoU \(fixed(worstOverlap, 4)) at least, \(Self.leastOverlap) demanded"
        let depth =
            "depth error \(scientific(worstDepthError)) at most"
            + (isDepthHeld ? ", \(scientific(Self.mostDepthError)) allowed" : "")
        return (agrees ? "the engines agree" : "the engines DO NOT agree")
            + " on \(frames.count) frames: \(masks); \(depth)"
    }

    /// The report as a table for people.
    public var lines: [String] {
        var lines = ["frame  mask IoU  depth error"]
        for frame in frames {
            lines.append(
                pad("\(frame.frame)", 5) + pad(fixed(frame.maskOverlap, 4), 10)
                    + pad(scientific(frame.depthError), 13)
            )
        }
        lines.append(pad("", 15) + pad("native", 10) + pad("reference", 11) + "  native/reference")
        let rows: [(String, Double, Double, (Double) -> String)] = [
            ("first mask", native.secondsToFirstMask, reference.secondsToFirstMask, seconds),
            ("a frame", native.secondsPerFrame, reference.secondsPerFrame, seconds),
            ("peak memory", Double(native.peakMemory), Double(reference.peakMemory), mebibytes),
        ]
        for (name, ours, theirs, text) in rows {
            let ratio = theirs > 0 ? fixed(ours / theirs, 2) : "-"
            let label = name + String(repeating: " ", count: max(0, 15 - name.count))
            lines.append(label + pad(text(ours), 10) + pad(text(theirs), 11) + "  " + ratio)
        }
        return lines
    }

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

    private func seconds(_ value: Double) -> String { fixed(value, 2) + " s" }

    private func mebibytes(_ value: Double) -> String { fixed(value / 1_048_576, 0) + " MiB" }

    private func fixed(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let (whole, rest) = Int((value * Double(scale)).rounded())
            .quotientAndRemainder(dividingBy: scale)
        guard places > 0 else { return "\(whole)" }
        let digits = String(rest)
        return "\(whole)." + String(repeating: "0", count: places - digits.count) + digits
    }

    private func scientific(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        var exponent = 0
        var mantissa = value
        while mantissa < 1 {
            mantissa *= 10
            exponent += 1
        }
        return fixed(mantissa, 1) + (exponent > 0 ? "e-\(exponent)" : "")
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
