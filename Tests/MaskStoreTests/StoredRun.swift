import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Runs that make masks of nothing, to test what they leave in a folder.
struct StoredRun {
    /// The size of the masks.
    static let (width, height) = (8, 6)

    let manifest: MaskManifest
    let path: FilePath
    var replaces = false
    /// How many frames the video has.
    var frameCount = 6
    /// How many it seems to have.
    var estimatedFrames: Int? = 6

    /// - Parameters:
    ///   - path: the folder of the masks.
    ///   - threshold: a setting, so that runs differ.
    ///   - auxiliary: folders for one more image for each frame.
    /// - Throws: when the test has no disk to write to.
    init(
        _ path: FilePath,
        threshold: Int = 100,
        auxiliary: [AuxiliaryFolder] = []
    ) throws {
        let folder = try TemporaryFolder()
        let text = """
            {"schema": 2, "program": {"name": "8cut", "version": "0.1.0"}, "complete": false,
             "method": {"name": "saliency", "settings": {}}, "frameCount": 0, "frames": [],
             "input": {"name": "clip.mp4", "width": \(Self.width), "height": \(Self.height),
                       "file": {"bytes": 1, "modified": 1, "headAndTailSHA256": "ab"}}}
            """
        try AtomicFile.write(text, to: folder["masks.json"])
        let input = try MaskManifest(readingFrom: folder["masks.json"]).input
        manifest = MaskManifest(
            method: .init(
                name: "saliency",
                settings: ["threshold": .number(Double(threshold))]
            ),
            auxiliary: auxiliary,
            input: input
        )
        self.path = path
    }

    func claim() async throws -> ClaimedFolder {
        try await MaskFolder.claim(
            path,
            for: manifest,
            estimatedFrames: estimatedFrames,
            replaces: replaces
        )
    }

    /// Makes the masks that are missing.
    ///
    /// - Parameters:
    ///   - stopped: the frame before which the run is killed; nil for a run that ends.
    ///   - unrecorded: how many more masks it has written by then.
    /// - Returns: how many masks were there before.
    /// - Throws: what claiming, writing and committing throw.
    @discardableResult
    func run(killedBefore stopped: Int? = nil, unrecorded: Int = 0) async throws -> Int {
        let claim = try await claim()
        if case .complete(let done) = claim.state { return done.frameCount }
        let target = try claim.begin(manifest)
        var journal = target.journal
        let first = journal.count
        for frame in first..<max(first, stopped ?? frameCount) {
            let mask = mask(of: frame)
            try target.write(mask, frame: frame)
            try journal.append(FrameRecord(frame: frame, time: Double(frame), mask: mask))
        }
        if let stopped {
            for frame in stopped..<stopped + unrecorded {
                try target.write(mask(of: frame), frame: frame)
            }
            return first
        }
        var done = manifest
        done.complete = true
        done.frameCount = frameCount
        _ = try claim.commit(done, target, journal)
        return first
    }

    private func mask(of frame: Int) -> Mask {
        let pixels = (0..<Self.width * Self.height).map { UInt8($0 <= frame ? 255 : 0) }
        let image = GrayImage(width: Self.width, height: Self.height, pixels: pixels)
        let images = manifest.auxiliary.map { folder in
            let depth = pixels.map { UInt16($0) << 8 }
            let image: AuxiliaryImage =
                folder.kind == .depth
                ? .depth(Gray16Image(width: Self.width, height: Self.height, pixels: depth))
                : .mask(image)
            return (folder.folder, image)
        }
        return Mask(image: image, auxiliary: Dictionary(uniqueKeysWithValues: images))
    }

    /// What an undisturbed run in a new folder leaves.
    func expected() async throws -> [String: [UInt8]] {
        let folder = try TemporaryFolder()
        var undisturbed = StoredRun(folder["masks"], manifest)
        undisturbed.frameCount = frameCount
        try await undisturbed.run()
        return try MaskSet.content(of: folder["masks"])
    }

    private init(_ path: FilePath, _ manifest: MaskManifest) {
        self.path = path
        self.manifest = manifest
    }
}
