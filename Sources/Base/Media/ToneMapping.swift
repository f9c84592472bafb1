/// How HDR frames are converted for an ordinary screen.
package struct ToneMapping: Sendable, Equatable {
    private let properties: FrameProperties

    /// - Returns: nil for frames that are made for ordinary screens.
    init?(_ properties: FrameProperties) {
        guard ["smpte2084", "arib-std-b67"].contains(properties.transfer) else { return nil }
        self.properties = properties
    }

    /// Matrices that zscale can undo without knowing more.
    private static let usableMatrices: Set<String> = [
        "bt709", "bt2020nc", "smpte170m", "bt470bg", "smpte240m", "fcc", "ycgco", "gbr",
    ]

    /// The filters, for frames of this size.
    package func filters(width: Int, height: Int) -> [String] {
        var filters: [String] = []
        // What is missing is filled in with the usual values of HDR video: zscale requires them.
        var assumed: [String] = []
        if !properties.isRGB, !Self.usableMatrices.contains(properties.matrix ?? "") {
            assumed.append("colorspace=bt2020nc")
        }
        if properties.primaries == nil { assumed.append("color_primaries=bt2020") }
        if !assumed.isEmpty { filters.append("setparams=" + assumed.joined(separator: ":")) }
        filters += FrameProperties.wholeFilters(width: width, height: height)
        return filters + [
            "zscale=transfer=linear:npl=100", "format=gbrpf32le", "zscale=primaries=bt709",
            "tonemap=hable:desat=0", "zscale=transfer=bt709",
            // What is out of range is cut off in red, green and blue.
            "format=gbrp16le", "zscale=matrix=bt709:range=limited",
        ]
    }
}
