/// How HDR pictures are brought to what an ordinary screen shows.
package struct ToneMapping: Sendable, Equatable {
    /// FFmpeg's names of what the file says about its colours, nil where it says nothing.
    let matrix: String?
    let primaries: String?
    let pixelFormat: String?

    /// Matrices that zscale can undo without knowing more.
    private static let usableMatrices: Set<String> = [
        "bt709", "bt2020nc", "smpte170m", "bt470bg", "smpte240m", "fcc", "ycgco", "gbr",
    ]

    /// The filters, for pictures of this size.
    package func filters(width: Int, height: Int) -> [String] {
        var filters: [String] = []
        // What is missing is filled in with what HDR films have: without it zscale refuses.
        var assumed: [String] = []
        if !isRGB, !Self.usableMatrices.contains(matrix ?? "") {
            assumed.append("colorspace=bt2020nc")
        }
        if primaries == nil || primaries == "unknown" || primaries == "reserved" {
            assumed.append("color_primaries=bt2020")
        }
        if !assumed.isEmpty { filters.append("setparams=" + assumed.joined(separator: ":")) }
        // zscale takes no odd sizes of pictures whose chroma is halved.
        if width % 2 != 0 || height % 2 != 0 {
            filters.append("format=" + Self.wholeFormats.joined(separator: "|"))
        }
        return filters + [
            "zscale=transfer=linear:npl=100", "format=gbrpf32le", "zscale=primaries=bt709",
            "tonemap=hable:desat=0", "zscale=transfer=bt709:matrix=bt709:range=limited",
        ]
    }

    /// Formats with a colour for every pixel; ffmpeg takes the one that loses least.
    private static let wholeFormats = [
        "yuv444p", "yuv444p10le", "yuv444p12le", "yuv444p16le", "gbrp", "gbrp10le", "gbrp12le",
        "gbrp16le", "gray", "gray10le", "gray12le", "gray16le",
    ]

    private var isRGB: Bool {
        guard let pixelFormat else { return false }
        return ["gb", "rgb", "bgr", "argb", "abgr", "0rgb", "0bgr", "pal8", "x2"].contains {
            pixelFormat.hasPrefix($0)
        }
    }
}
