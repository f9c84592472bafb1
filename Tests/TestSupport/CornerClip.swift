import SystemPackage

/// Makes clips whose object stays in the upper left quarter, so that a frame that is turned,
/// flipped or shifted is told from one that is right.
package enum CornerClip {
    /// Frames of a clip.
    package static let frameCount = 12
    /// Where the object's centre is on average, as parts of the width and the height.
    package static let place = (x: 0.35, y: 0.3)

    /// The video as a filter graph source: 12 frames in a second.
    package static func source(_ width: Int = 160, _ height: Int = 90) -> String {
        let inside = "lt(hypot(X-W*(0.3+0.1*N/11),Y-H*0.3),H/5)"
        return "color=black:size=160x90:rate=12:duration=1,format=yuv444p,scale=\(width):\(height),"
            + "geq=lum='if(\(inside),190+30*sin((X-W*0.1*N/11)/3)*sin(Y/4),60+20*sin(X/7)*cos(Y/5))'"
            + ":cb='if(\(inside),90,140)':cr='if(\(inside),200,110)'"
    }

    /// Writes a clip; ffmpeg's own idea of the codec unless told otherwise.
    @discardableResult
    package static func make(
        _ path: FilePath,
        _ encoding: [String] = [],
        width: Int = 160,
        height: Int = 90
    ) async throws -> FilePath {
        try await MadeMedia.write(
            path,
            ["-f", "lavfi", "-i", source(width, height)] + encoding
        )
        return path
    }
}
