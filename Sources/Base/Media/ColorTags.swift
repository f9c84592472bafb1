/// What the numbers of a frame mean, in FFmpeg's names.
package struct ColorTags: Sendable, Equatable {
    /// How red, green and blue became luma and chroma.
    package var matrix: String
    /// Which red, green and blue.
    package var primaries: String
    /// How light became numbers.
    package var transfer: String

    /// High definition: ITU-R BT.709.
    package static let bt709 = ColorTags(matrix: "bt709", primaries: "bt709", transfer: "bt709")
    /// 525 lines: ITU-R BT.601, SMPTE 170M.
    static let lines525 = ColorTags(
        matrix: "smpte170m",
        primaries: "smpte170m",
        transfer: "smpte170m"
    )
    /// 625 lines: ITU-R BT.601 with the primaries of BT.470 B/G.
    static let lines625 = ColorTags(
        matrix: "bt470bg",
        primaries: "bt470bg",
        transfer: "smpte170m"
    )
    /// Ultra high definition for ordinary screens: ITU-R BT.2020.
    static let bt2020 = ColorTags(
        matrix: "bt2020nc",
        primaries: "bt2020",
        transfer: "bt2020-10"
    )

    private init(matrix: String, primaries: String, transfer: String) {
        self.matrix = matrix
        self.primaries = primaries
        self.transfer = transfer
    }

    /// What the frames of a stream mean. What the file does not say is taken as players take it:
    /// from what it does say, or else from the size.
    init(_ properties: FrameProperties, width: Int, height: Int) {
        self = Self.usual(properties, width: width, height: height)
        // Frames of red, green and blue have no such matrix.
        if let said = properties.matrix, said != "gbr" { matrix = said }
        primaries = properties.primaries ?? primaries
        transfer = properties.transfer ?? transfer
    }

    private static func usual(_ properties: FrameProperties, width: Int, height: Int) -> ColorTags {
        switch properties.matrix {
        case "bt709": return .bt709
        case "smpte170m", "smpte240m", "fcc": return .lines525
        case "bt470bg" where properties.isFullRange: break
        case "bt470bg": return .lines625
        case "bt2020nc", "bt2020c": return .bt2020
        default: break
        }
        // JPEG has the matrix of BT.601, and the primaries of computer screens.
        if properties.isRGB || properties.matrix == "bt470bg" { return .bt709 }
        if width >= 1280 || height >= 720 { return .bt709 }
        return height == 576 || height == 288 ? .lines625 : .lines525
    }

    /// Whether ffmpeg's scaler knows the matrix. It takes others for BT.601.
    var isScalable: Bool { Self.scalerNames[matrix] != nil }

    /// The scaler's name of the matrix.
    var scalerName: String { Self.scalerNames[matrix] ?? "bt709" }

    private static let scalerNames = [
        "bt709": "bt709", "fcc": "fcc", "bt470bg": "bt470", "smpte170m": "smpte170m",
        "smpte240m": "smpte240m", "bt2020nc": "bt2020",
    ]

    /// Whether ordinary screens show the numbers wrongly, because they stand for colours that such
    /// screens do not have.
    var isWide: Bool {
        ["bt2020", "smpte428", "smpte431", "smpte432"].contains(primaries)
    }

    /// The filter that marks frames so. It changes no sample.
    func filter(isFullRange: Bool = false) -> String {
        "setparams=colorspace=\(matrix):color_primaries=\(primaries):color_trc=\(transfer)"
            + ":range=\(isFullRange ? "full" : "limited")"
    }
}
