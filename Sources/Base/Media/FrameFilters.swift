import Diagnostics

/// The filters that every decoded frame goes through before anything else is done with it, so
/// that clips, masks, previews and thumbnails show the same image of it: deinterlaced, without
/// transparency, for an ordinary screen, and marked as what it is.
package struct FrameFilters: Sendable {
    private let stream: VideoStream
    private let properties: FrameProperties
    private let width: Int
    private let height: Int
    /// What the samples mean before the filters.
    private let before: ColorTags

    /// - Parameters:
    ///   - stream: the stream that is decoded.
    ///   - size: columns and rows of its frames when they come to the filters; by default its own.
    package init(_ stream: VideoStream, size: (width: Int, height: Int)? = nil) {
        self.stream = stream
        properties = stream.properties
        width = size?.width ?? stream.width
        height = size?.height ?? stream.height
        before = ColorTags(stream.properties, width: stream.width, height: stream.height)
    }

    /// The filters, in their order. They keep the number of frames and their times, but for
    /// `Deinterlacing.telecine`, and the size; none where a frame is right as it is.
    package var arguments: [String] { tags + fields + colors }

    /// The very first one: it marks frames with the matrix that they do not tell. Any filter that
    /// scales may convert them as well.
    package var tags: [String] {
        guard properties.matrix == nil, stream.toneMapping == nil, !properties.isRGB,
            !properties.isGray
        else { return [] }
        return ["setparams=colorspace=" + before.matrix]
    }

    /// The next ones, which look at the frames around each frame: they come before any frame is
    /// dropped, and need the frame before the first one that counts.
    package var fields: [String] {
        let filters = fieldFilters
        guard !filters.isEmpty else { return [] }
        // These filters change the time base, which no time must depend on.
        let timeBase = properties.timeBase.map { ["settb=" + $0.description] } ?? []
        return overBlack + filters + timeBase
    }

    /// Gives frames the matrix of the first ones, where a video changes it in mid-stream.
    ///
    /// - Parameter size: columns and rows that the frames get as well.
    /// - Returns: nil where nothing is to be done, or it cannot be done.
    package func unifying(size: (width: Int, height: Int)) -> [String]? {
        guard tags.isEmpty, before.isScalable, !properties.isRGB, !properties.isGray,
            stream.toneMapping == nil
        else { return nil }
        return [
            "scale=\(size.width):\(size.height):out_color_matrix=\(before.scalerName)"
                + ":flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp",
            "setparams=colorspace=" + before.matrix,
        ]
    }

    /// Whether a frame depends on the one before it.
    package var needsContext: Bool { !fieldFilters.isEmpty }

    /// Whether there are fewer frames after the filters than before. Which ones are left depends on
    /// all frames from the start of the video on.
    package var changesFrameCount: Bool {
        stream.options.deinterlacing == .telecine && needsContext
    }

    /// The other ones, each frame by itself.
    package var colors: [String] {
        let filters = needsContext ? [] : overBlack
        if let mapping = stream.toneMapping {
            return filters + mapping.filters(width: width, height: height)
        }
        return before.isScalable ? filters : filters + toBT709
    }

    private var toBT709: [String] {
        [before.filter(isFullRange: properties.isFullRange)]
            + FrameProperties.wholeFilters(width: width, height: height)
            + ["zscale=matrix=bt709:range=limited"]
    }

    private var fieldFilters: [String] {
        // Smaller frames are refused by them.
        guard stream.width >= 4, stream.height >= 4 else { return [] }
        let filter = { "bwdif=mode=send_frame:deint=" + $0 }
        switch stream.options.deinterlacing {
        case .off: return []
        case .on: return [filter("all")]
        case .auto: return properties.mayBeInterlaced ? [filter("interlaced")] : []
        // What stays combed is marked as interlaced by the first.
        case .telecine: return ["fieldmatch", filter("interlaced"), "decimate"]
        }
    }

    /// What is transparent becomes black, as players show it: opacity is multiplied in.
    private var overBlack: [String] {
        guard properties.hasAlpha else { return [] }
        let format = properties.isRGB || properties.isGray ? "gbrap" : "yuva444p"
        let formats = [format] + ["10le", "12le", "16le"].map { format + $0 }
        return ["format=" + formats.joined(separator: "|"), "premultiply=inplace=1"]
    }
}

extension FrameFilters {
    /// Where frames go after the filters.
    package enum Target: Sendable {
        /// A video: 8-bit 4:2:0, which every player decodes.
        case video
        /// A WebP image, whose colours are always those of BT.601.
        case webp
        /// A PNG image.
        case png
        /// Red, green and blue, or grey, in memory; the format is chosen by whom they are for.
        case screen
    }

    /// What a video of the frames is marked as.
    package var written: ColorTags {
        guard stream.toneMapping == nil else { return .bt709 }
        var tags = before
        if !before.isScalable { tags.matrix = ColorTags.bt709.matrix }
        return tags
    }

    /// The last filters: the frames become what their target takes, and are marked as that.
    package func ending(_ target: Target) -> [String] {
        switch target {
        case .video:
            return (isFullRange ? [Self.scale(written.scalerName)] : [])
                + ["format=yuv420p", written.filter() + Self.progressive]
        case .webp:
            return narrowed + (isBT601 ? [] : [Self.scale("bt601")])
                + ["format=yuv420p", "setparams=colorspace=bt470bg:range=limited"]
        case .png:
            return narrowed
                + ["format=rgb24", "setparams=color_primaries=bt709:color_trc=iec61966-2-1"]
        case .screen: return narrowed
        }
    }

    private static let progressive = ":field_mode=prog"

    /// Whether samples use all of their range after the filters.
    private var isFullRange: Bool {
        guard stream.toneMapping == nil, before.isScalable else { return false }
        return properties.isFullRange || properties.isRGB || properties.isGray
    }

    private var isBT601: Bool {
        ["bt470bg", "smpte170m"].contains(written.matrix) && !isFullRange && !isWide
    }

    /// Luma and chroma by a matrix, with limited range. Without these flags colours would be off by
    /// up to four.
    static func scale(_ matrix: String) -> String {
        "scale=out_color_matrix=\(matrix):out_range=limited"
            + ":flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
    }

    private var isWide: Bool { stream.toneMapping == nil && before.isWide }

    /// Colours that ordinary screens do not have become the nearest that they have.
    private var narrowed: [String] {
        guard isWide else { return [] }
        let tags =
            properties.isRGB
            ? "setparams=color_primaries=\(before.primaries):color_trc=\(before.transfer)"
            : written.filter(isFullRange: isFullRange)
        // What is out of range is cut off in red, green and blue.
        return FrameProperties.wholeFilters(width: width, height: height)
            + [tags, "zscale=primaries=bt709:matrix=gbr:range=full", "format=gbrp"]
    }
}
