import SystemPackage

/// Makes clips with known content: a bright textured disc that moves over a dark textured ground.
package enum Clip {
    /// The video of the standard clip as a filter graph source.
    ///
    /// - Parameters:
    ///   - size: columns and rows.
    ///   - rate: frames per second.
    ///   - seconds: length.
    /// - Returns: what ffmpeg's `-f lavfi -i` takes.
    package static func source(size: (Int, Int) = (320, 180), rate: Int = 24, seconds: Double = 1)
        -> String
    {
        // A disc of a quarter of the width goes from left to right; N is the frame's number. Its
        // texture goes with it.
        let frames = max(1, Int(Double(rate) * seconds))
        let x = "(W*(0.2+0.6*N/\(frames)))"
        let inside = "lt(hypot(X-\(x),Y-H/2),W/8)"
        return
            "color=black:size=\(size.0)x\(size.1):rate=\(rate):duration=\(seconds),format=yuv444p,"
            + "geq=lum='if(\(inside),190+30*sin((X-\(x))/3)*sin(Y/4),60+20*sin(X/7)*cos(Y/5))'"
            + ":cb='if(\(inside),90,140)':cr='if(\(inside),200,110)'"
    }

    /// Writes the standard clip with ffmpeg.
    ///
    /// - Parameters:
    ///   - path: the file; its extension decides the container.
    ///   - size: columns and rows.
    ///   - rate: frames per second.
    ///   - seconds: length.
    ///   - encoding: options between the video and the file's name.
    /// - Returns: `path`.
    /// - Throws: `ProgramFailure` when ffmpeg fails.
    @discardableResult
    package static func make(
        _ path: FilePath,
        size: (Int, Int) = (320, 180),
        rate: Int = 24,
        seconds: Double = 1,
        encoding: [String] = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    ) async throws -> FilePath {
        try await Program.ffmpeg(
            ["-f", "lavfi", "-i", source(size: size, rate: rate, seconds: seconds)] + encoding
                + ["file:" + path.string]
        )
        return path
    }

    /// How many frames ffmpeg decodes from the first video stream of a file.
    package static func frameCount(_ path: FilePath, stream: String = "0:v:0") async throws -> Int {
        let result = try await Program.run(
            "ffmpeg",
            [
                "-nostdin", "-loglevel", "error", "-i", "file:" + path.string, "-map", stream,
                "-fps_mode", "passthrough", "-f", "framemd5", "-",
            ]
        )
        return result.lines.filter { !$0.hasPrefix("#") }.count
    }
}
