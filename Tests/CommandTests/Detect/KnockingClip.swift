import SystemPackage
import TestSupport

/// A clip of two discs that jerk, each at times of its own.
enum KnockingClip {
    /// When the left disc jerks, in seconds. It rests at (80, 100) of 320x180 pixels.
    static let left = [0.9, 1.7, 2.2, 3.4, 4.1, 5.3, 5.9, 7.1]
    /// When the right one does, at (240, 100).
    static let right = [0.6, 1.3, 2.8, 3.7, 4.7, 5.6, 6.4, 6.9]

    /// A clip of 8 s.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - knocks: when something knocks; nil for no audio.
    /// - Returns: `path`.
    /// - Throws: `ProgramFailure` when ffmpeg fails.
    @discardableResult
    static func make(_ path: FilePath, knocks: [Double]?) async throws -> FilePath {
        let row = { (jerks: [Double]) in
            "74-75*(" + jerks.map { "gauss((t-\($0))/0.06)" }.joined(separator: "+") + ")"
        }
        let graph = """
            color=black:s=320x180:r=25:d=0.04,format=yuv444p,
            geq=lum='60+20*sin(X/7)*cos(Y/5)':cb=140:cr=110,loop=-1:1,trim=duration=8[ground];
            color=black:s=52x52:r=25:d=0.04,format=yuva444p,
            geq=lum='190+30*sin(X/3)*sin(Y/4)':cb=90:cr=200:a='255*lt(hypot(X-26,Y-26),26)',
            loop=-1:1,split[one][other];
            [ground][one]overlay=x=54:y='\(row(left))':shortest=1[both];
            [both][other]overlay=x=214:y='\(row(right))':shortest=1,format=yuv420p[video]
            """
        var inputs = ["-filter_complex", graph]
        if let knocks {
            let sound = knocks.map { moment in
                "between(t,\(moment),\(moment)+0.15)*exp(-(t-\(moment))/0.03)*sin(800*PI*t)"
            }
            let audio = (sound + ["0.004*(random(0)-0.5)"]).joined(separator: "+")
            inputs += ["-f", "lavfi", "-i", "aevalsrc='0.5*(\(audio))':s=16000:d=8", "-map", "0:a"]
        }
        try await Program.ffmpeg(
            inputs + ["-map", "[video]", "-c:v", "libx264", "-preset", "ultrafast", path.string]
        )
        return path
    }
}
