import SystemPackage

/// Makes videos whose frames show their number, as sixteen black or white blocks, and whose audio
/// has another tone for every 40 ms.
package enum CounterClip {
    /// Columns and rows: a block has 20 by 64 pixels.
    package static let size = (width: 320, height: 64)
    /// Samples per second of the tones.
    package static let sampleRate = 48_000

    /// The video as a filter graph source.
    ///
    /// - Parameters:
    ///   - rate: frames per second, as ffmpeg takes it.
    ///   - frames: how many.
    /// - Returns: what ffmpeg's `-f lavfi -i` takes.
    package static func frames(rate: String, frames: Int) -> String {
        "color=black:size=320x64:rate=\(rate),trim=end_frame=\(frames),format=gray,"
            + "geq=lum='if(mod(floor(N/pow(2,floor(X/20))),2),235,16)'"
    }

    /// The tones as a filter graph source. A place is told from its neighbours at any sample.
    package static func tones(seconds: Double) -> String {
        "aevalsrc='0.4*sin(2*PI*(1000+60*mod(floor(t*25),50))*t)':s=\(sampleRate):d=\(seconds)"
    }

    /// Small frames that decode fast, with B-frames and a keyframe now and then.
    package static let x264 = [
        "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "24", "-crf", "18",
        "-pix_fmt", "yuv420p",
    ]

    /// Writes a video.
    ///
    /// - Parameters:
    ///   - path: the file; its extension decides the container.
    ///   - rate: frames per second, as ffmpeg takes it.
    ///   - frames: how many.
    ///   - seconds: length of the sound; nil for none.
    ///   - filter: applied to the frames: changes their times, for example.
    ///   - encoding: how the frames are encoded.
    ///   - sound: how the sound is encoded.
    ///   - options: what else stands before the file's name.
    /// - Returns: `path`.
    /// - Throws: `ProgramFailure` when ffmpeg fails.
    @discardableResult
    package static func make(
        _ path: FilePath,
        rate: String = "25",
        frames: Int,
        seconds: Double?,
        filter: String? = nil,
        encoding: [String] = x264,
        sound: [String] = ["-c:a", "aac"],
        options: [String] = []
    ) async throws -> FilePath {
        let source = Self.frames(rate: rate, frames: frames)
        var arguments = ["-f", "lavfi", "-i", source + (filter.map { "," + $0 } ?? "")]
        if let seconds { arguments += ["-f", "lavfi", "-i", tones(seconds: seconds)] }
        arguments += encoding + ["-fps_mode", "passthrough", "-enc_time_base", "-1"]
        if seconds != nil { arguments += sound }
        try await MadeMedia.write(path, arguments + options)
        return path
    }
}
