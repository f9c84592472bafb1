import SystemPackage

/// How a run has ended.
public struct MaskRunResult: Sendable {
    /// The folder of the masks.
    public let output: FilePath
    /// The manifest, without the frames' records when the run has just been made.
    public let manifest: MaskManifest
    /// Whether everything was there already.
    public let wasComplete: Bool
    /// Seconds from start to end.
    public let seconds: Double
    /// How many masks bear which flag.
    public let flagCounts: [MaskFlag: Int]

    static func count(_ records: [FrameRecord]) -> [MaskFlag: Int] {
        records.flatMap { $0.flags ?? [] }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
