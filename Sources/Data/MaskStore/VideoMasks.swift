import Diagnostics
import Files
import Imaging
import Media
import SystemPackage

/// The masks of a video in a folder, of 8cut or of another program: frame_0000.png and so on, or
/// 00000.png and so on without a manifest.
package struct VideoMasks: Sendable {
    /// Who made them, and how; nil for those of other programs.
    package let manifest: MaskManifest?
    /// How the video was read when the masks were made, as far as that is known.
    package let videoOptions: VideoOptions
    /// How many masks there are, as far as that is known before the video is read.
    package let declaredCount: Int?
    private let source: Source

    private enum Source: Sendable {
        case frames(FoundMasks)
        case numbers(MaskSequence)
    }

    /// - Throws: `EightCutError` when there is no such folder, no mask in it, or a manifest of 8cut
    ///   that cannot be read.
    package init(_ folder: FilePath) throws {
        let folder = folder.absolute
        let names = (try? Folder.names(in: folder)) ?? []
        if MaskInventory(names).isEmpty, let sequence = try? MaskSequence(folder) {
            manifest = nil
            videoOptions = VideoOptions()
            declaredCount = sequence.count
            source = .numbers(sequence)
            return
        }
        let found = try FoundMasks(folder)
        manifest = found.manifest
        videoOptions = found.videoOptions
        declaredCount = found.declaredCount
        source = .frames(found)
    }

    /// Reads them for a video.
    ///
    /// - Parameter stream: the video.
    /// - Returns: what reads them.
    /// - Throws: `EightCutError` when none of them can be of the video.
    package func reader(like stream: VideoStream) throws -> Reader {
        switch source {
        case .frames(let found): return .frames(try MaskReader(found, like: stream))
        case .numbers(let sequence): return .numbers(try NumberedMasks(sequence, like: stream))
        }
    }

    /// Reads one mask after the other.
    package enum Reader: Sendable {
        case frames(MaskReader)
        case numbers(NumberedMasks)

        /// The object on a frame.
        ///
        /// - Returns: 255 on the object and 0 elsewhere; nil when there is no mask that can be used.
        package mutating func object(on frame: Int) -> GrayImage? {
            switch self {
            case .frames(var reader):
                defer { self = .frames(reader) }
                return reader.object(on: frame)
            case .numbers(var masks):
                defer { self = .numbers(masks) }
                return masks.object(on: frame)
            }
        }

        /// What is wrong with the masks, after those that are needed have been read.
        ///
        /// - Parameter frameCount: how many frames the video has.
        /// - Returns: nil when there is one mask for each frame, and no more.
        package func problem(frameCount: Int) -> MaskSetProblem? {
            switch self {
            case .frames(let reader): return reader.problem(frameCount: frameCount)
            case .numbers(let masks): return masks.problem(frameCount: frameCount)
            }
        }
    }
}

/// Masks whose names are numbers: that of the first frame is 0, or 1.
package struct NumberedMasks: Sendable {
    private let sequence: MaskSequence
    private let size: (width: Int, height: Int)
    /// Places in the sequence, by frame.
    private let places: [Int: Int]
    private var unusable: [(frame: Int, why: String)] = []

    init(_ sequence: MaskSequence, like stream: VideoStream) throws {
        self.sequence = sequence
        size = (stream.width, stream.height)
        let first = sequence.numbers.first == 1 ? 1 : 0
        places = Dictionary(
            uniqueKeysWithValues: sequence.numbers.enumerated().map { ($1 - first, $0) }
        )
        let mask = try sequence.object(0)
        if let problem = problem(of: mask, at: sequence.path(0)) { throw problem }
    }

    fileprivate mutating func object(on frame: Int) -> GrayImage? {
        guard let place = places[frame] else { return nil }
        do {
            let mask = try sequence.object(place)
            if let problem = problem(of: mask, at: sequence.path(place)) { throw problem }
            return mask
        } catch {
            unusable.append((frame, EightCutError(ending: error).why))
            return nil
        }
    }

    private func problem(of mask: GrayImage, at path: FilePath) -> EightCutError? {
        guard mask.width != size.width || mask.height != size.height else { return nil }
        return EightCutError(
            .inputUnusable,
            "cannot use the mask",
            on: path.string,
            because: "it has \(mask.width)x\(mask.height) pixels, the video "
                + "\(size.width)x\(size.height)",
            remedy: "Give the video that the masks were made for."
        )
    }

    fileprivate func problem(frameCount: Int) -> MaskSetProblem? {
        let missing = (0..<frameCount).filter { places[$0] == nil }
        let behind = places.keys.filter { $0 >= frameCount }.sorted()
        var gaps = missing.isEmpty ? [] : ["\(FrameRanges.text(missing)) without a mask"]
        gaps += unusable.prefix(3).map { "frame \($0.frame): \($0.why)" }
        if unusable.count > 3 {
            let rest = unusable.dropFirst(3).map(\.frame)
            gaps.append("the masks of \(FrameRanges.text(rest)) cannot be used either")
        }
        let excess =
            behind.isEmpty
            ? []
            : [
                "\(counted(behind.count, "mask")) too many: the video has "
                    + counted(frameCount, "frame")
            ]
        return MaskSetProblem(sequence.folder, gaps: gaps, excess: excess)
    }
}
