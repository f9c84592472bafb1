import BatchList
import ClipExport
import DatasetProfiles
import Diagnostics
import Files
import Media
import SystemPackage

/// A clip that becomes a row of a list.
package struct ListedClip: Sendable {
    package enum Video: Sendable {
        /// A video that is there, or a folder of images; absolute.
        case file(FilePath)
        /// A clip to cut.
        case cut(ListedCut)
    }

    package let video: Video
    /// What its id is made of; other clips may have the same.
    package let name: String
    package var label: String?
    package var category: String?
    /// How many frames it has; nil where that is not known yet.
    package var frames: Int?

    package init(
        _ video: Video,
        name: String,
        label: String? = nil,
        category: String? = nil,
        frames: Int? = nil
    ) {
        self.video = video
        self.name = name
        self.label = label?.isEmpty == true ? nil : label
        self.category = category?.isEmpty == true ? nil : category
        self.frames = frames
    }

    /// The file that tells how many frames there are; nil where that is an object in a store.
    var probed: FilePath? {
        switch video {
        case .file(let path): path
        case .cut(let cut): cut.source.path
        }
    }

    /// How many frames there are, by what ffprobe says of the file.
    func frames(of stream: VideoStream) -> Int? {
        switch video {
        case .cut(let cut): return stream.frameRate.map(cut.frames)
        case .file:
            if let declared = stream.declaredFrames, declared > 0 { return declared }
            guard let rate = stream.frameRate, let duration = stream.duration else { return nil }
            let frames = (duration * rate.value).rounded(.up)
            return (1...1e8).contains(frames) ? Int(frames) : nil
        }
    }
}

/// A clip to cut from a video.
package struct ListedCut: Sendable {
    /// The video.
    package let source: BatchPlace
    /// In the form that `8cut export` reads.
    package let start: ClipStart
    package let settings: CutSettings

    /// - Throws: `EightCutError` when the address of its source names no object.
    init(_ request: ExportRequest) throws {
        source =
            try request.inputAddress.map(BatchPlace.init(address:)) ?? BatchPlace(request.input)
        start = request.start
        settings = request.settings
    }

    /// The length in seconds, as a text; nil where the profile sets it.
    var duration: String? {
        let rule = settings.profile.flatMap(DatasetProfile.named)?.clip
        guard rule?.isFree ?? true else { return nil }
        let length = settings.duration
        let nanoseconds = Double(length.numerator) * 1e9 / Double(length.denominator)
        return ClipStart.seconds(nanoseconds: Int(nanoseconds.rounded()))
    }

    /// How many frames it will have, where that does not depend on the source.
    var knownFrames: Int? { settings.frameRate.map(settings.frameCount) }

    /// How many frames it will have.
    ///
    /// - Parameter rate: that of the source, in fps.
    /// - Returns: their number.
    func frames(at rate: Rational) -> Int {
        settings.frameCount(at: settings.frameRate ?? rate)
    }
}
