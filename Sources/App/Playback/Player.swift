import CMpv
import Diagnostics
import Glibc
import SystemPackage

/// Plays a video with libmpv: audio goes to the system, frames to a `FrameRenderer`.
///
/// All times are seconds on the file's own clock. No call blocks: results arrive as events.
package final class Player: Sendable {
    package enum Event: Sendable, Equatable {
        /// A file is open, or more is known about it.
        case opened(Properties)
        /// A file cannot be played, with the reason.
        case failed(String)
        /// The time of the frame that is shown.
        case position(Double)
        case paused(Bool)
        /// The frame that was asked for is shown.
        case seekCompleted
    }

    /// Properties of an open file.
    package struct Properties: Sendable, Equatable {
        /// Seconds; 0 if unknown.
        package var duration = 0.0
        /// Size of a frame as displayed, with square pixels.
        package var width = 0
        package var height = 0
        /// Frames per second according to the container.
        package var frameRate = 0.0
    }

    /// The events in order, for one consumer.
    package let events: AsyncStream<Event>

    let handle: MpvHandle
    private let pump: EventPump

    /// Starts a player without a file.
    ///
    /// - Throws: `EightCutError` if libmpv cannot be started.
    package init() throws {
        // libmpv refuses to start where numbers are not written as in C. The locale belongs to the
        // whole process: set it only when it is not right yet.
        if setlocale(LC_NUMERIC, nil).map({ String(cString: $0) }) != "C" {
            setlocale(LC_NUMERIC, "C")
        }
        guard let pointer = mpv_create() else {
            throw EightCutError(
                .toolFailed,
                "cannot start the player",
                because: "libmpv has no memory left or the locale is wrong"
            )
        }
        handle = MpvHandle(pointer)
        // Not every version of libmpv knows every option; those that it does not know are skipped.
        for (name, value) in Self.options { mpv_set_option_string(pointer, name, value) }
        for outputs in Self.audioOutputs where mpv_set_option_string(pointer, "ao", outputs) >= 0 {
            break
        }
        // Without a GPU libmpv would search for one, and print warnings, with every file.
        let hasGPU = access("/dev/dri", F_OK) == 0 || access("/dev/nvidia0", F_OK) == 0
        mpv_set_option_string(pointer, "hwdec", hasGPU ? "auto-copy-safe" : "no")
        let status = mpv_initialize(pointer)
        guard status >= 0 else {
            handle.destroy()
            throw EightCutError(
                .toolFailed,
                "cannot start the player",
                because: String(cString: mpv_error_string(status))
            )
        }
        let (stream, writer) = AsyncStream<Event>.makeStream()
        events = stream
        pump = EventPump(handle, writer)
        pump.start()
    }

    private static let options = [
        ("vo", "libmpv"), ("config", "no"), ("terminal", "no"), ("ytdl", "no"), ("osd-level", "0"),
        ("input-default-bindings", "no"), ("input-vo-keyboard", "no"), ("audio-display", "no"),
        ("sid", "no"), ("pause", "yes"),
        // Neither the user's scripts nor the built-in ones, each of which has a thread.
        ("load-scripts", "no"), ("osc", "no"), ("load-stats-overlay", "no"),
        ("load-osd-console", "no"), ("load-console", "no"), ("load-auto-profiles", "no"),
        ("load-select", "no"), ("load-positioning", "no"), ("load-commands", "no"),
        ("load-context-menu", "no"),
        // The renderer is asked for exactly the size that the frame has on the screen.
        ("keepaspect", "no"), ("idle", "yes"), ("keep-open", "yes"), ("keep-open-pause", "yes"),
        ("hr-seek", "yes"),
        // Times are those of the file, so that they can be passed to ffmpeg.
        ("rebase-start-time", "no"),
        // Without an audio device frames keep their pace.
        ("audio-fallback-to-null", "yes"), ("audio-client-name", "8-cut"),
        // The format is detected from the content, and a file cannot name another one.
        ("demuxer", "lavf"), ("access-references", "no"),
        ("demuxer-lavf-o", "protocol_whitelist=file"), ("autoload-files", "no"),
        ("demuxer-max-bytes", "32MiB"), ("demuxer-max-back-bytes", "8MiB"),
    ]

    /// The audio outputs to try, for libmpv with and without PipeWire.
    ///
    /// By itself libmpv would end with SDL's, whose state belongs to the whole process: two players
    /// that try it at the same time call a null pointer. JACK's, where no server runs, can
    /// hold a player for good.
    private static let audioOutputs = ["pipewire,pulse,alsa", "pulse,alsa"]

    /// Opens a file and pauses at a time; nil for its first frame.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - stream: the number of the video stream, counted from 0; nil for any.
    ///   - time: in seconds.
    package func open(_ path: FilePath, stream: Int? = nil, at time: Double? = nil) {
        handle.setOption("vid", stream.map { "\($0 + 1)" } ?? "auto")
        handle.setOption("start", time.map { "\($0)" } ?? "none")
        handle.set("ab-loop-a", "no")
        handle.set("ab-loop-b", "no")
        handle.set("pause", "yes")
        handle.command(["loadfile", path.string])
    }

    /// Closes the file.
    package func close() { handle.command(["stop"]) }

    package func setPaused(_ isPaused: Bool) { handle.set("pause", isPaused ? "yes" : "no") }

    /// Seeks to the first frame at or after a time.
    ///
    /// - Parameters:
    ///   - time: in seconds.
    ///   - exactly: whether to decode up to it; otherwise the keyframe before it is shown.
    package func seek(to time: Double, exactly: Bool = true) {
        handle.command(["seek", "\(time)", exactly ? "absolute+exact" : "absolute+keyframes"])
    }

    /// Shows the next or the previous frame and pauses there. A step backwards ends with
    /// `seekCompleted`; libmpv drops another one that comes before that.
    package func step(forward: Bool) {
        handle.command([forward ? "frame-step" : "frame-back-step"])
    }

    /// Plays a range in a loop; nil ends the loop.
    package func loop(_ range: ClosedRange<Double>?) {
        handle.set("ab-loop-a", range.map { "\($0.lowerBound)" } ?? "no")
        handle.set("ab-loop-b", range.map { "\($0.upperBound)" } ?? "no")
    }

    /// - Parameter volume: from 0 to 1.
    package func setVolume(_ volume: Double) { handle.set("volume", "\(volume * 100)") }

    package func setMuted(_ isMuted: Bool) { handle.set("mute", isMuted ? "yes" : "no") }

    /// Destroys the player. Its renderer must have been stopped before.
    package func stop() { pump.stop() }
}
