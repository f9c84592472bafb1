import ClipLibrary
import Diagnostics
import Media
import SystemPackage

/// The limits of what the app takes from files, which others may have written: the session, the
/// library, videos. They are far above what people need, and low enough for every view.
package enum Limits {
    /// Times and lengths in seconds: 31 years, which still fit into 64 bits as nanoseconds.
    package static let seconds = 0.0...1e9
    /// Numbers of frames.
    package static let frames = 0...1_000_000_000
    /// Coordinates and sizes in pixels.
    package static let pixels = 0.0...1e6
    /// Frames per second.
    package static let frameRates = 0.001...1e6
    /// Numbers of streams.
    package static let streams = 0...999
    /// Pixels of the window.
    package static let windowSizes = 200...16384

    /// Videos in the list.
    package static let videos = 5000
    /// Clips of a video that are shown.
    package static let clips = 10_000
    /// Marks of a clip, and of all clips.
    package static let marksOfClip = 1000
    package static let marks = 20_000
    /// Labels and categories that are suggested.
    package static let labels = 1000
    /// Bytes of a path (Linux's PATH_MAX).
    package static let pathBytes = 4096
    /// Unicode scalars of a text that is shown in a line, and of a text in an entry.
    package static let lineLength = 300
    package static let entryLength = 1000
}

/// A text of others as it is shown in one line: cut off where it is too long, with control
/// characters made visible.
///
/// - Parameters:
///   - text: the text.
///   - limit: the most Unicode scalars of it.
/// - Returns: what to show.
package func displayed(_ text: String, limit: Int = Limits.lineLength) -> String {
    // Counting stops at the limit.
    let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    return visible(start) + (start.utf8.count < text.utf8.count ? "…" : "")
}

/// A text of others as an entry can hold it: cut off where it is too long or has a NUL.
package func entryText(_ text: String?) -> String {
    let scalars = (text ?? "").unicodeScalars.prefix(Limits.entryLength).prefix { $0 != "\0" }
    return String(String.UnicodeScalarView(scalars))
}

// A shared or damaged library may hold any numbers.
extension LibraryClip {
    /// The time of the first frame in the source video, in seconds.
    package var startSeconds: Double { bounded(Double(self.start) / 1e9, Limits.seconds) }

    /// Its length in seconds.
    package var shownDuration: Double { bounded(self.duration, Limits.seconds) }

    /// The number of its last frame.
    package var lastFrame: Int { bounded(self.frameCount, 1...Limits.frames.upperBound) - 1 }

    /// Its size in pixels.
    var frameSize: (width: Int, height: Int) {
        let sizes = 1...Int(Limits.pixels.upperBound)
        return (bounded(self.width, sizes), bounded(self.height, sizes))
    }

    /// Frames per second; nil if the library has no such number.
    var shownFrameRate: Double? {
        guard let rate = Rational(self.frameRate)?.value, Limits.frameRates.contains(rate) else {
            return nil
        }
        return rate
    }
}
