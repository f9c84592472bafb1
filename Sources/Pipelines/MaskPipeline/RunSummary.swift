import MaskStore
import SystemPackage

/// How a run has ended.
package struct RunSummary: Sendable {
    /// The folder of the masks.
    package let output: FilePath
    /// The manifest, without the frames' records when the run has just been made.
    package let manifest: MaskManifest
    /// Whether everything was there already.
    package let wasComplete: Bool
    /// Seconds from start to end.
    package let seconds: Double
    /// How many masks bear which flag.
    package let flagCounts: [MaskFlag: Int]

    package static func count(_ records: [FrameRecord]) -> [MaskFlag: Int] {
        records.flatMap { $0.flags ?? [] }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
