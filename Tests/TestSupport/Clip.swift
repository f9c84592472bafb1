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
        // A disc of a quarter of the width goes from left to right, in whole pixels. Disc and ground
        // are drawn once each, which takes a fiftieth of the time that all frames would take.
        let frames = max(1, Int(Double(rate) * seconds))
        let once = "rate=\(rate):duration=1,trim=end_frame=1,format"
        let repeated = "loop=-1:1,trim=duration=\(seconds)"
        let side = max(2, size.0 / 4)
        return "color=black:size=\(side)x\(size.1):\(once)=yuva444p,"
            + "geq=lum='190+30*sin((X-W/2)/3)*sin(Y/4)':cb=90:cr=200"
            + ":a='255*lt(hypot(X-W/2,Y-H/2),W/2)',\(repeated)[disc];"
            + "color=black:size=\(size.0)x\(size.1):\(once)=yuv444p,"
            + "geq=lum='60+20*sin(X/7)*cos(Y/5)':cb=140:cr=110,\(repeated)[ground];"
            + "[ground][disc]overlay=x='round(W*(0.2+0.6*n/\(frames)))-w/2':format=yuv444"
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
        try await MadeMedia.write(
            path,
            ["-f", "lavfi", "-i", source(size: size, rate: rate, seconds: seconds)] + encoding
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
