import ClipLibrary
import DatasetProfiles
import Files
import SystemPackage

/// How loud clips are, for consumers that reject silence. What the data set that is there says of a
/// clip is not measured again.
struct AudioPeaks: Sendable {
    private let isNeeded: Bool
    /// By the hashes of the clips.
    private let known: [String: Double]

    init(_ request: DatasetRequest) {
        isNeeded = request.profile.clip?.needsSound == true
        let old = isNeeded ? try? OpenFolder.ifPresent(request.folder) : nil
        // What is wrong with the record is said when the data set is written.
        let record = old.flatMap { try? ExportRecord(in: $0) }
        known =
            (record?.clips.values).map { clips in
                clips.reduce(into: [:]) { peaks, clip in
                    if let hash = clip.hash { peaks[hash] = clip.peak }
                }
            } ?? [:]
    }

    /// The largest absolute sample, where full scale is 1.
    ///
    /// - Parameter clip: whose file is as the library knows it.
    /// - Returns: nil where it is not needed, or cannot be measured.
    /// - Throws: `CancellationError`.
    func peak(of clip: LibraryClip) async throws -> Double? {
        guard isNeeded, clip.sampleCount != nil else { return nil }
        if let hash = clip.hash, let peak = known[hash] { return peak }
        return try await ClipProbe(FilePath(clip.path)).peak()
    }
}
