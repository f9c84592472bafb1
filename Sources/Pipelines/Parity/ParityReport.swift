import Diagnostics
import Files
import MaskStore
import SystemPackage

/// How the native engine compares with the reference implementation.
package struct ParityReport: Sendable, Equatable, Codable {
    /// Version of this format.
    package private(set) var v = 2
    /// The checkpoint.
    package let model: String
    /// What the native engine computed in.
    package let precision: String
    /// What it ran on.
    package let device: String
    /// How far they must agree.
    package let limits: Limits
    /// One comparison per frame.
    package let frames: [FrameComparison]
    /// What the native engine took.
    package let native: EngineTiming
    /// What the reference took.
    package let reference: EngineTiming

    /// How far engines must agree.
    package struct Limits: Sendable, Equatable, Codable {
        /// The IoU that the masks of every frame must have.
        package let leastIoU: Double
        /// Depth or logits may differ so much in any frame, as a part of their range; nil when
        /// they may differ.
        package let mostError: Double?
    }

    /// Whether the engines agree in every frame.
    package var agrees: Bool {
        !frames.isEmpty && worstIoU >= limits.leastIoU
            && worstError <= limits.mostError ?? .infinity
    }

    var worstIoU: Double { frames.map(\.leastIoU).min() ?? 0 }
    var worstError: Double { frames.map(\.mostError).max() ?? 0 }

    /// Makes sure, before any work is done, that a file may become a report: it is missing, or a
    /// report already.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - input: the video that is compared, which never becomes a report by whatever name.
    /// - Throws: `EightCutError` (`outputUnusable`).
    package static func check(_ path: FilePath, input: FilePath) throws {
        guard let name = path.lastComponent, name.kind == .regular else {
            throw fileError("cannot write", path, .isDirectory)
        }
        let refuse = { (why: String) in
            EightCutError(.outputUnusable, "cannot write the report", on: path.string, because: why)
        }
        if FileStatus.isSame(path, input) { throw refuse("it is the video itself") }
        let folder = try OpenFolder.ifPresent(path.removingLastComponent())
        // Reports of ten thousand frames have a few MB.
        guard let bytes = try? folder?.read(name, limit: 64 << 20) else {
            guard try folder?.status(of: name) == nil else {
                throw refuse("there is something that is not a report of 8cut")
            }
            return
        }
        let members = try? LocatedJSON(parsing: bytes)
        guard members?["agrees"]?.bool != nil, members?["frames"]?.items != nil else {
            throw refuse("there is a file that is not a report of 8cut")
        }
    }

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
        let text = try JSONText.pretty(File(report: self))
        try AtomicFile.write(text + "\n", to: path)
    }
}

extension ParityReport {
    /// What is compared besides masks.
    private var quantity: String { frames.first?.objects == nil ? "depth" : "logit" }

    /// The result in one line.
    package var summary: String {
        let masks = "mask IoU \(fixed(worstIoU, 4)) at least, \(limits.leastIoU) demanded"
        let error =
            "\(quantity) error \(scientific(worstError)) at most"
            + (limits.mostError.map { ", \(scientific($0)) allowed" } ?? "")
        return (agrees ? "the engines agree" : "the engines DO NOT agree")
            + " on \(counted(frames.count, "frame")): \(masks); \(error)"
    }

    /// The report as a table for people.
    package var lines: [String] { frameLines + costLines }

    private var frameLines: [String] {
        guard frames.first?.objects != nil else {
            return ["frame  mask IoU  depth error"] + frames.map(line)
        }
        return ["frame  object  mask IoU  logit error  object score"]
            + frames.flatMap { frame in
                (frame.objects ?? []).map { line(frame.frame, $0) }
            }
    }

    private func line(_ frame: FrameComparison) -> String {
        let cells = [
            pad("\(frame.frame)", 5), pad(fixed(frame.maskIoU, 4), 10),
            pad(scientific(frame.depthError ?? 0), 13),
        ]
        return cells.joined()
    }

    private func line(_ frame: Int, _ object: ObjectComparison) -> String {
        let cells = [
            pad("\(frame)", 5), pad("\(object.object)", 8), pad(fixed(object.maskIoU, 4), 10),
            pad(scientific(object.logitError), 13), pad(fixed(object.objectScore, 2), 14),
        ]
        let isSame = object.isThere == object.isThereForReference
        return cells.joined() + (isSame ? "" : "  not seen by both")
    }

    private var costLines: [String] {
        var lines: [String] = []
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

    private func seconds(_ value: Double) -> String { fixed(value, 2) + " s" }

    private func mebibytes(_ value: Double) -> String { fixed(value / 1_048_576, 0) + " MiB" }

    private func fixed(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let number = Int((value * Double(scale)).rounded())
        let (whole, rest) = abs(number).quotientAndRemainder(dividingBy: scale)
        let sign = number < 0 ? "-" : ""
        guard places > 0 else { return sign + "\(whole)" }
        let digits = String(rest)
        return sign + "\(whole)." + String(repeating: "0", count: places - digits.count) + digits
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
