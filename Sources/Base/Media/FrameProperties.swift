import Diagnostics
import SystemPackage

/// What a file says about the frames of a video stream, as far as it changes how they are shown.
/// The names are FFmpeg's; what the file does not say is nil.
package struct FrameProperties: Sendable, Equatable {
    /// How the samples lie in memory.
    let pixelFormat: String?
    /// How red, green and blue became luma and chroma.
    let matrix: String?
    /// Which red, green and blue.
    let primaries: String?
    /// How light became numbers.
    let transfer: String?
    /// Whether the numbers use all of their range.
    let isFullRange: Bool
    /// Whether frames may be marked as interlaced. Many containers do not say it of the stream, and
    /// broadcasts mix both kinds.
    let mayBeInterlaced: Bool
    /// Whether there is a layer of transparency beside the frames, as VP8 and VP9 have it.
    let hasAlphaLayer: Bool
    /// The decoder that has to read the stream; nil for the usual one.
    let decoder: String?
    /// The unit of the timestamps, in seconds.
    let timeBase: Rational?
    /// Width of a pixel by its height, upright.
    package let pixelAspect: Rational

    /// - Parameters:
    ///   - stream: what ffprobe has found.
    ///   - container: FFmpeg's name of it.
    ///   - decoders: those that are here, if the stream needs a special one.
    init(_ stream: ProbeReport.Stream, container: String, _ decoders: Set<String>) {
        pixelFormat = stream.pixelFormat
        matrix = Self.known(stream.matrix, Self.matrices)
        primaries = Self.known(stream.primaries, Self.allPrimaries)
        transfer = Self.known(stream.transfer, Self.transfers)
        isFullRange =
            stream.range == "pc" || stream.pixelFormat?.hasPrefix(exactly: "yuvj") == true
        mayBeInterlaced = Self.mayBeInterlaced(stream, container: container)
        hasAlphaLayer = stream.hasAlphaLayer
        let alphaDecoder = stream.hasAlphaLayer ? stream.alphaDecoder : nil
        decoder = alphaDecoder.flatMap { decoders.contains($0) ? $0 : nil }
        timeBase = stream.timeBase.flatMap { Rational($0) }
        let aspect = ProbeReport.aspect(stream.pixelAspect)
        let turned = Rational(aspect.denominator, aspect.numerator)
        pixelAspect = ProbeReport.isOnItsSide(stream) ? turned ?? aspect : aspect
    }

    private static let matrices: Set<String> = [
        "gbr", "bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "ycgco", "bt2020nc", "bt2020c",
        "chroma-derived-nc", "chroma-derived-c",
    ]

    private static let allPrimaries: Set<String> = [
        "bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "film", "bt2020", "smpte428",
        "smpte431", "smpte432", "ebu3213",
    ]

    private static let transfers: Set<String> = [
        "bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "linear", "log100", "log316",
        "iec61966-2-4", "bt1361e", "iec61966-2-1", "bt2020-10", "bt2020-12", "smpte2084",
        "smpte428", "arib-std-b67",
    ]

    /// A name that filters take; ffprobe has some more names than they.
    private static func known(_ name: String?, _ names: Set<String>) -> String? {
        switch name {
        case "gamma22": "bt470m"
        case "gamma28": "bt470bg"
        case "bt2020_ncl": "bt2020nc"
        default: name.flatMap { names.contains($0) ? $0 : nil }
        }
    }

    private static func mayBeInterlaced(_ stream: ProbeReport.Stream, container: String) -> Bool {
        switch stream.fieldOrder {
        case "tt", "bb", "tb", "bt": true
        case "progressive":
            // Said of the first frames only.
            ["h264", "vc1", "mpeg2video"].contains(stream.codec)
                && !container.hasPrefix(exactly: "mov,")
        default: unsaidInterlaced.contains(stream.codec ?? "")
        }
    }

    /// Codecs whose frames can be marked as interlaced though the stream is not.
    private static let unsaidInterlaced: Set<String> = [
        "h264", "hevc", "mpeg2video", "mpeg4", "vc1", "wmv3", "cavs", "dvvideo", "mjpeg", "dnxhd",
        "prores", "ffv1", "huffyuv", "utvideo", "jpeg2000", "rawvideo", "v210", "hap",
    ]
}

extension FrameProperties {
    /// Whether the samples are red, green and blue.
    package var isRGB: Bool {
        guard let pixelFormat else { return matrix == "gbr" }
        return ["gb", "rgb", "bgr", "argb", "abgr", "0rgb", "0bgr", "pal8", "x2"].contains {
            pixelFormat.hasPrefix(exactly: $0)
        }
    }

    /// Whether the samples are grey, which have all of their range.
    var isGray: Bool {
        guard let pixelFormat else { return false }
        return ["gray", "ya8", "ya16", "mono"].contains { pixelFormat.hasPrefix(exactly: $0) }
    }

    /// Whether frames are decoded with their transparency.
    var hasAlpha: Bool {
        if hasAlphaLayer { return decoder != nil }
        guard let pixelFormat else { return false }
        let alphas = [
            "yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya8", "ya16", "ayuv", "pal8",
        ]
        return alphas.contains { pixelFormat.hasPrefix(exactly: $0) }
    }

    /// What is done about transparency, for people; nil where there is none. A palette and GIF, where
    /// every image could have it, are not told of.
    package func transparencyNote(codec: String, of path: FilePath) -> String? {
        let name = quoted(path.string)
        if hasAlphaLayer, decoder == nil {
            return "\(name) has transparency, which this ffmpeg cannot decode, as it lacks libvpx: "
                + "transparent parts show hidden colours."
        }
        guard hasAlpha, codec != "gif", pixelFormat != "pal8" else { return nil }
        return "\(name) has transparency: transparent parts are shown on black."
    }

    /// For zscale, which does not accept odd sizes with chroma subsampling.
    static func wholeFilters(width: Int, height: Int) -> [String] {
        width % 2 == 0 && height % 2 == 0 ? [] : ["format=" + wholeFormats.joined(separator: "|")]
    }

    /// Formats with a colour for every pixel; ffmpeg takes the one that loses least.
    private static let wholeFormats = [
        "yuv444p", "yuv444p10le", "yuv444p12le", "yuv444p16le", "gbrp", "gbrp10le", "gbrp12le",
        "gbrp16le", "gray", "gray10le", "gray12le", "gray16le",
    ]
}

extension ProbeReport {
    /// Whether a video stream has a layer of transparency.
    var hasAlphaLayer: Bool { streams.contains(where: \.hasAlphaLayer) }
}

extension ProbeReport.Stream {
    /// WebM and Matroska mark VP8 and VP9 so.
    fileprivate var hasAlphaLayer: Bool {
        alphaDecoder != nil && (tags?["alpha_mode"] ?? tags?["ALPHA_MODE"]) == "1"
    }

    /// The decoder that reads the layer. FFmpeg's own ones do not.
    fileprivate var alphaDecoder: String? {
        switch codec {
        case "vp8": "libvpx"
        case "vp9": "libvpx-vp9"
        default: nil
        }
    }
}
